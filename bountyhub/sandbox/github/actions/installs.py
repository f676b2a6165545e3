"""Installing the App on an account, choosing its repositories, suspending and removing it."""

from __future__ import annotations

from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.hooks import announce_installation
from bountyhub.sandbox.github.shapes.apps import asked, granted
from bountyhub.sandbox.github.shapes.repositories import short_repository
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def install(world: World, account: Doc, repos: list[Doc] | None, sender: Doc, id: int | None = None) -> Doc:
    """Install on chosen repositories, or on all when `repos` is None; installed before, the choice is changed."""
    for repo in repos or ():
        if repo["owner"] != account["id"]:
            raise GithubError(422, f"{repo['full_name']} does not belong to {account['login']}")
    present = world.installation_of(account["id"])
    if present is not None:
        return _choose(world, present, account, repos, sender)
    installation: Doc = {
        "id": world.new_id("gh_installation", id),
        "account": account["id"],
        "selection": "all" if repos is None else "selected",
        "repos": [repo["id"] for repo in repos or ()],
        "created": world.now,
        "updated": world.now,
        "suspended_at": None,
        "suspended_by": None,
        "permissions": asked(world),
        "deleted": False,
    }
    _put(world, installation)
    chosen = [short_repository(repo) for repo in covered(world, installation)]
    announce_installation(world, "installation.created", installation, sender, repositories=chosen, requester=None)
    return installation


def _choose(world: World, installation: Doc, account: Doc, repos: list[Doc] | None, sender: Doc) -> Doc:
    before = {repo["id"]: repo for repo in covered(world, installation)}
    selection = "all" if repos is None else "selected"
    chosen = [repo["id"] for repo in repos or ()]
    changed = _put(world, installation | {"selection": selection, "repos": chosen, "updated": world.now})
    after = {repo["id"]: repo for repo in covered(world, changed)}
    _tell(world, "added", changed, sender, [repo for id, repo in after.items() if id not in before])
    _tell(world, "removed", changed, sender, [repo for id, repo in before.items() if id not in after])
    return changed


def repository_left(world: World, installation: Doc, repo: Doc, sender: Doc) -> None:
    """A repository was handed to another account: this installation no longer reaches it."""
    rest = [id for id in installation["repos"] if id != repo["id"]]
    _tell(world, "removed", _put(world, installation | {"repos": rest}), sender, [repo])


def repository_joined(world: World, repo: Doc, sender: Doc) -> None:
    """A repository is new on an account; an installation on everything reaches it at once."""
    installation = world.installation_of(repo["owner"])
    if installation is not None and installation["selection"] == "all" and repo["fork_of"] is None:
        _tell(world, "added", installation, sender, [repo])


def _tell(world: World, action: str, installation: Doc, sender: Doc, repos: list[Doc]) -> None:
    if not repos:
        return
    parts: Doc = {"repositories_added": [], "repositories_removed": []}
    parts[f"repositories_{action}"] = [short_repository(repo) for repo in repos]
    announce_installation(
        world,
        f"installation_repositories.{action}",
        installation,
        sender,
        repository_selection=installation["selection"],
        requester=None,
        **parts,
    )


def covered(world: World, installation: Doc) -> list[Doc]:
    """Repositories the installation reaches, forks left out unless they were chosen by name."""
    if installation["selection"] == "all":
        own = world.tx.find("gh_repo", owner=installation["account"], deleted=False)
        return [repo for repo in own if repo["fork_of"] is None]
    found = [world.tx.get("gh_repo", str(id)) for id in installation["repos"]]
    return [repo for repo in found if repo is not None and not repo["deleted"]]


def uninstall(world: World, installation: Doc, sender: Doc) -> None:
    _put(world, installation | {"deleted": True})
    gone = [short_repository(repo) for repo in covered(world, installation)]
    announce_installation(world, "installation.deleted", installation, sender, repositories=gone)


def accept_permissions(world: World, installation: Doc, sender: Doc) -> Doc:
    """Its owner says yes to what the App asks for now."""
    if granted(installation) == asked(world):
        return installation
    accepted = _put(world, installation | {"permissions": asked(world), "updated": world.now})
    announce_installation(world, "installation.new_permissions_accepted", accepted, sender)
    return accepted


def suspend(world: World, installation: Doc, sender: Doc) -> Doc:
    if installation["suspended_at"] is not None:
        return installation
    times = {"suspended_at": world.now, "suspended_by": sender["id"], "updated": world.now}
    suspended = _put(world, installation | times)
    announce_installation(world, "installation.suspend", suspended, sender)
    return suspended


def unsuspend(world: World, installation: Doc, sender: Doc) -> Doc:
    if installation["suspended_at"] is None:
        return installation
    again = _put(world, installation | {"suspended_at": None, "suspended_by": None, "updated": world.now})
    announce_installation(world, "installation.unsuspend", again, sender)
    return again


def _put(world: World, installation: Doc) -> Doc:
    return world.tx.put("gh_installation", str(installation["id"]), installation, ref=str(installation["account"]))
