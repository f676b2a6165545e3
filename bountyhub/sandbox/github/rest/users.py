"""People: the signed-in one, and anybody by id or login."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.github import access, limits
from bountyhub.sandbox.github.actions.installs import covered
from bountyhub.sandbox.github.calls import Call, counted, endpoint, listing
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.github.shapes import people as shapes
from bountyhub.sandbox.github.shapes.apps import installation
from bountyhub.sandbox.github.shapes.repositories import repository
from bountyhub.sandbox.github.world import GHOST
from bountyhub.sandbox.store import Doc


@endpoint("GET", "/user")
def get_user(call: Call) -> Doc:
    return shapes.private_user(call.world.urls, access.require_user(call.actor))


@endpoint("GET", "/user/emails")
def list_emails(call: Call) -> Any:
    return listing(shapes.emails(access.require_user(call.actor)), lambda email: email)


@endpoint("GET", "/user/<int:account_id>")
def get_user_by_id(call: Call, account_id: int) -> Doc:
    person = call.world.person(account_id)
    if person.get("deleted"):
        raise not_found()
    return shapes.public_user(call.world.urls, person)


@endpoint("GET", "/users/<login>")
def get_user_by_login(call: Call, login: str) -> Doc:
    found = GHOST if login.lower() == GHOST["login"] else call.world.person_by_login(login)
    if found is None:
        raise not_found()
    return shapes.public_user(call.world.urls, found)


@endpoint("GET", "/user/installations")
def list_user_installations(call: Call) -> Any:
    """Installations with a repository this person has a role in: how an App checks whose installation it is told of."""
    person = access.require_user(call.actor)
    docs = [doc for doc in call.world.tx.all("gh_installation") if not doc["deleted"] and _reaches(call, doc, person)]
    return counted(docs, "installations", lambda doc: installation(call.world, doc))


def _reaches(call: Call, doc: Doc, person: Doc) -> bool:
    held = (str(person["id"]) in repo["roles"] for repo in covered(call.world, doc))
    return doc["account"] == person["id"] or any(held)


@endpoint("GET", "/user/installations/<int:installation_id>/repositories")
def list_user_installation_repositories(call: Call, installation_id: int) -> Any:
    person, doc = access.require_user(call.actor), call.world.installation(installation_id)
    if doc is None or not _reaches(call, doc, person):
        raise not_found()
    repos = [repo for repo in covered(call.world, doc) if access.at_least(repo, person, "read")]
    selection = doc["selection"]
    return counted(repos, "repositories", lambda repo: repository(call.world, repo), repository_selection=selection)


@endpoint("GET", "/rate_limit")
def get_rate_limit(call: Call) -> Doc:
    return limits.overview()
