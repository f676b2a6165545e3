"""People, bots and organisations, and their roles in a repository."""

from __future__ import annotations

from bountyhub.sandbox.github.access import ROLES
from bountyhub.sandbox.github.actions.installs import uninstall
from bountyhub.sandbox.github.actions.repositories import delete_repository
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.hooks import announce_installation, short_installation
from bountyhub.sandbox.github.shapes.people import PREFIXES, simple_user
from bountyhub.sandbox.github.world import GHOST, World
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
    if "/" in login or not login or login.lower() == GHOST["login"]:
        raise invalid("User", "login")
    former = person["login"]
    renamed = _put(world, person | {"login": login})
    for repo in [doc for doc in world.tx.all("gh_repo") if doc["owner"] == person["id"]]:
        world.tx.put("gh_moved", repo["full_name"].lower(), {"repo": repo["id"]})
        world.put_repo(repo | {"full_name": f"{login}/{repo['name']}"})
    installation = world.installation_of(person["id"])
    if installation is not None:
        changes = {"changes": {"login": {"from": former}}, "target_type": person["type"]}
        changes["installation"] = short_installation(installation)
        changes["account"] = simple_user(world.for_hooks().urls, renamed)
        announce_installation(world, "installation_target.renamed", installation, renamed, **changes)
    return renamed


def delete_person(world: World, person: Doc) -> None:
    """The account is gone, with its repositories and installation; what it wrote elsewhere is the ghost's.

    Its forks stay as the ghost's: GitHub shows `null` for them, which its own description of pull requests forbids.
    """
    for repo in world.tx.find("gh_repo", owner=person["id"], deleted=False, fork_of=None):
        delete_repository(world, repo, person)
    installation = world.installation_of(person["id"])
    if installation is not None:
        uninstall(world, installation, person)
    for repo in world.tx.all("gh_repo"):
        if str(person["id"]) in repo["roles"]:
            set_role(world, repo, person, "none")
    world.tx.put("gh_person", str(person["id"]), person | {"deleted": True}, ref=f"deleted/{person['id']}")


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
