"""What happens to repositories, the App, people and their rights. Each of these decides: nothing else happens there."""

from __future__ import annotations

from tests.soak_github.kinds import Drawn, kind
from tests.soak_github.model import Touch
from tests.soak_github.view import Doc, View

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
ACCOUNTS = ("ana", "ana", "ana", "eve")


def _alone(repo: Doc, *accounts: int) -> Touch:
    """Nothing else happens in this repository, or on these accounts."""
    whole = {f"account:{id}" for id in accounts} | {f"repo:{repo['id']}"}
    return Touch(frozenset([f"account:{repo['owner']}"]) - whole, frozenset(whole))


@kind(4)
def rename_repository(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None:
        return None
    given = {"repo": repo["id"], "name": f"{repo['name'].partition('-')[0]}-{view.words().replace('. ', '')}"}
    return Drawn("rename_repository", given, Touch(view.about(repo, 0)))


@kind(2)
def transfer_repository(view: View) -> Drawn | None:
    repo, to = view.repo(), view.who("ana", "eve", "eve")
    if repo is None or not to or to["login"] == view.owner(repo):
        return None
    given = {"repo": repo["id"], "owner": to["login"]}
    return Drawn("transfer_repository", given, _alone(repo, to["id"], repo["owner"]))


@kind(2)
def archive(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None or (not repo["archived"] and view.chance(0.6)):
        return None
    given = {"repo": repo["id"], "archived": not repo["archived"]}
    return Drawn("archive_repository", given, _alone(repo))


@kind(2)
def hide_or_publish(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None or (not repo["private"] and view.chance(0.6)):
        return None
    return Drawn("privatize", {"repo": repo["id"], "private": not repo["private"]}, _alone(repo))


@kind(1)
def delete_repository(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None or view.chance(0.6):
        return None
    return Drawn("delete_repository", {"repo": repo["id"]}, _alone(repo, repo["owner"]))


@kind(1)
def rename_the_branch(view: View) -> Drawn | None:
    repo = view.repo()
    if repo is None:
        return None
    given = {"repo": repo["id"], "to": f"trunk-{view.words().replace('. ', '')}"}
    return Drawn("rename_branch", given, _alone(repo))


def _account(view: View) -> tuple[Doc, Doc | None] | None:
    """Somebody with repositories, and the installation on their account."""
    who = view.who(*ACCOUNTS)
    if not who:
        return None
    with view.instance.world() as world:
        return who, world.installation_of(who["id"])


def _whole(who: Doc) -> Touch:
    return Touch(alone=frozenset([f"account:{who['id']}"]))


@kind(2)
def suspend(view: View) -> Drawn | None:
    found = _account(view)
    if found is None or found[1] is None or found[1]["suspended_at"] is not None:
        return None
    return Drawn("suspend", {"account": found[0]["login"]}, _whole(found[0]))


@kind(8)
def unsuspend(view: View) -> Drawn | None:
    found = _account(view)
    if found is None or found[1] is None or found[1]["suspended_at"] is None:
        return None
    return Drawn("unsuspend", {"account": found[0]["login"]}, _whole(found[0]))


@kind(1)
def uninstall(view: View) -> Drawn | None:
    found = _account(view)
    if found is None or found[1] is None or view.chance(0.4):
        return None
    return Drawn("uninstall", {"account": found[0]["login"]}, _whole(found[0]))


@kind(6)
def install(view: View) -> Drawn | None:
    """Again, or on another choice of repositories."""
    found = _account(view)
    if found is None or (found[1] is not None and view.chance(0.75)):
        return None
    who = found[0]
    with view.instance.world() as world:
        own = [doc["full_name"] for id in view.repos if (doc := world.find_repo(id)) and doc["owner"] == who["id"]]
    chosen = [name for name in own if view.chance(0.7)] or own
    given: Doc = {"account": who["login"]} | ({"repos": chosen} if chosen and view.chance(0.7) else {})
    return Drawn("install", given, _whole(who))


@kind(3)
def change_permission(view: View) -> Drawn | None:
    repo, who = view.repo(), view.who("eve", "eve", "bo", "dara", "ana")
    if repo is None or not who:
        return None
    given = {"repo": repo["id"], "login": who["login"], "role": view.rng.choice(ROLES)}
    alone = frozenset([f"person:{who['id']}"])
    return Drawn("set_permission", given, Touch(view.about(repo, 0), alone))


@kind(2)
def rename_person(view: View) -> Drawn | None:
    who = view.who("bo", "cleo", "dara", "eve", "ana")
    if not who:
        return None
    to = f"{who['login'].partition('-')[0]}-{view.words().replace('. ', '')}"
    alone = {f"person:{who['id']}", f"account:{who['id']}"}
    return Drawn("rename_person", {"login": who["login"], "to": to}, Touch(alone=frozenset(alone)))


@kind(1)
def delete_person(view: View) -> Drawn | None:
    who = view.who("dara", "cleo")
    if not who or view.chance(0.5):
        return None
    alone = {f"person:{id}" for id in view.people.values()} | {f"account:{who['id']}"}
    return Drawn("delete_person", {"login": who["login"]}, Touch(alone=frozenset(alone)))
