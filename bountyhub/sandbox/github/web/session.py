"""Who is in front of the pages: a cookie with a login, set by a button and by signing in to the application."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

COOKIE = "sandbox_github"


def remember(response: Response, person: Doc) -> None:
    response.set_cookie(COOKIE, person["login"], httponly=True, samesite="Lax", path="/github")


def current_person(world: World) -> Doc | None:
    login = request.cookies.get(COOKIE, "")
    return world.person_by_login(login) if login else None


def require_person(world: World) -> Doc:
    found = current_person(world)
    if found is None:
        raise GithubError(401, "Choose who you are first, at the top of the page")
    return found


def people(world: World) -> list[Doc]:
    """Everybody a visitor can be."""
    return [person for person in world.tx.all("gh_person") if person["type"] == "User" and not person.get("deleted")]
