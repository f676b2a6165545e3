"""People, bots and organisations, and their roles in a repository."""

from __future__ import annotations

from bountyhub.sandbox.github.access import ROLES
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.shapes.people import PREFIXES
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def create_person(
    world: World, login: str, name: str = "", email: str = "", kind: str = "User", id: int | None = None
) -> Doc:
    """A new account; `kind` is User, Bot or Organization. Logins are unique without regard to case."""
    if not login or "/" in login or kind not in PREFIXES:
        raise invalid("User", "login")
    if world.person_by_login(login) is not None:
        raise invalid("User", "login", "already_exists")
    person = {
        "id": world.new_id("gh_person", id),
        "login": login,
        "name": name or login.capitalize(),
        "email": email or f"{login.removesuffix('[bot]')}@example.test",
        "type": kind,
        "created": world.now,
    }
    return _put(world, person)


def rename_person(world: World, person: Doc, login: str) -> Doc:
    """A new login for the same id: why nobody may be known by login."""
    if world.person_by_login(login) is not None:
        raise invalid("User", "login", "already_exists")
    renamed = _put(world, person | {"login": login})
    for repo in [doc for doc in world.tx.all("gh_repo") if doc["owner"] == person["id"]]:
        world.tx.put("gh_moved", repo["full_name"].lower(), {"repo": repo["id"]})
        world.put_repo(repo | {"full_name": f"{login}/{repo['name']}"})
    return renamed


def set_role(world: World, repo: Doc, person: Doc, role: str) -> Doc:
    """Give somebody a role in a repository; `none` takes it away."""
    if role not in ROLES:
        raise GithubError(422, f"role must be one of {', '.join(ROLES)}")
    roles = {id: given for id, given in repo["roles"].items() if id != str(person["id"])}
    if role != "none":
        roles[str(person["id"])] = role
    return world.put_repo(repo | {"roles": roles})


def _put(world: World, person: Doc) -> Doc:
    return world.tx.put("gh_person", str(person["id"]), person, ref=person["login"].lower())
