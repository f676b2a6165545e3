"""Repositories: made, forked, renamed, handed over, archived, hidden, deleted."""

from __future__ import annotations

import hashlib

from bountyhub.sandbox.github.actions.installs import repository_joined, repository_left
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.hooks import announce
from bountyhub.sandbox.github.shapes.people import simple_user
from bountyhub.sandbox.github.shapes.repositories import repository
from bountyhub.sandbox.github.world import World, covers
from bountyhub.sandbox.store import Doc

LABELS = (
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("help wanted", "008672", "Extra attention is needed"),
    ("invalid", "e4e669", "This doesn't seem right"),
    ("question", "d876e3", "Further information is requested"),
    ("wontfix", "ffffff", "This will not be worked on"),
)


def create_repository(
    world: World,
    owner: Doc,
    name: str,
    *,
    description: str = "",
    private: bool = False,
    language: str | None = None,
    license: str | None = "AGPL-3.0",
    fork_of: Doc | None = None,
    id: int | None = None,
) -> Doc:
    """A repository with GitHub's default labels and one commit on `main`."""
    full_name = f"{owner['login']}/{name}"
    if not name or "/" in name:
        raise invalid("Repository", "name")
    if world.repo_by_name(full_name) is not None:
        raise invalid("Repository", "name", "already_exists")
    id = world.new_id("gh_repo", id)
    repo: Doc = {
        "id": id,
        "owner": owner["id"],
        "name": name,
        "full_name": full_name,
        "description": description or None,
        "private": private,
        "archived": False,
        "deleted": False,
        "language": language,
        "license": license,
        "fork_of": None if fork_of is None else fork_of["id"],
        "default_branch": "main",
        "branches": {"main": hashlib.sha1(f"root of {id}".encode()).hexdigest()},  # noqa: S324
        "labels": [_label(world, *fields) for fields in LABELS],
        "milestones": [],
        "roles": {},
        "contributors": [],
        "files": {},
        "open_issues": 0,
        "created": world.now,
        "updated": world.now,
        "pushed": world.now,
    }
    world.tx.delete("gh_moved", full_name.lower())
    world.put_repo(repo)
    repository_joined(world, repo, owner)
    return repo


def _label(world: World, name: str, color: str, description: str, default: bool = True) -> Doc:
    id = world.new_id("gh_label")
    return {"id": id, "name": name, "color": color, "description": description, "default": default}


def ensure_label(world: World, repo: Doc, name: str, color: str = "ededed", description: str = "") -> tuple[Doc, Doc]:
    """The label of that name, made when missing, and the repository as it then is."""
    for label in repo["labels"]:
        if label["name"].lower() == name.lower():
            return label, repo
    label = _label(world, name, color, description, default=False)
    return label, world.put_repo(repo | {"labels": [*repo["labels"], label]})


def fork_of(world: World, repo: Doc, person: Doc) -> Doc:
    """Somebody's fork, made when missing."""
    if person["id"] == repo["owner"]:
        return repo
    found = world.repo_by_name(f"{person['login']}/{repo['name']}")
    if found is not None:
        return found
    return create_repository(
        world,
        person,
        repo["name"],
        description=repo["description"] or "",
        private=repo["private"],
        language=repo["language"],
        license=repo["license"],
        fork_of=repo,
    )


def rename_repository(world: World, repo: Doc, name: str, sender: Doc) -> Doc:
    """A new name; the old one redirects until somebody takes it."""
    if not name or "/" in name:
        raise invalid("Repository", "name")
    owner = world.person(repo["owner"])
    if world.repo_by_name(f"{owner['login']}/{name}") is not None:
        raise invalid("Repository", "name", "already_exists")
    renamed = _move(world, repo, repo | {"name": name, "full_name": f"{owner['login']}/{name}"})
    announce(world, "repository.renamed", renamed, sender, changes={"repository": {"name": {"from": repo["name"]}}})
    return renamed


def transfer_repository(world: World, repo: Doc, owner: Doc, sender: Doc) -> Doc:
    """A new owner: it leaves the old account's installation, and joins the new one's when that covers everything."""
    full_name = f"{owner['login']}/{repo['name']}"
    if world.repo_by_name(full_name) is not None:
        raise invalid("Repository", "name", "already_exists")
    leaving = world.installation_for(repo)
    if leaving is not None:
        repository_left(world, leaving, repo, sender)
    moved = _move(world, repo, repo | {"owner": owner["id"], "full_name": full_name})
    repository_joined(world, moved, sender)
    former = simple_user(world.for_hooks().urls, world.person(repo["owner"]))
    announce(world, "repository.transferred", moved, sender, changes={"owner": {"from": {"user": former}}})
    return moved


def archive_repository(world: World, repo: Doc, sender: Doc, *, archived: bool = True) -> Doc:
    if repo["archived"] == archived:
        return repo
    changed = world.put_repo(repo | {"archived": archived, "updated": world.now})
    announce(world, "repository.archived" if archived else "repository.unarchived", changed, sender)
    return changed


def privatize(world: World, repo: Doc, sender: Doc, *, private: bool = True) -> Doc:
    if repo["private"] == private:
        return repo
    changed = world.put_repo(repo | {"private": private, "updated": world.now})
    announce(world, "repository.privatized" if private else "repository.publicized", changed, sender)
    return changed


def delete_repository(world: World, repo: Doc, sender: Doc) -> None:
    """The event goes out first: afterwards nothing covers the repository any more."""
    announce(world, "repository.deleted", repo, sender)
    world.put_repo(repo | {"deleted": True, "open_issues": 0})
    installation = world.installation_of(repo["owner"])
    if installation is not None and covers(installation, repo):
        rest = [id for id in installation["repos"] if id != repo["id"]]
        world.tx.put("gh_installation", str(installation["id"]), installation | {"repos": rest})


def require_writable(repo: Doc) -> None:
    if repo["archived"]:
        raise GithubError(403, "Repository was archived so is read-only.")


def body_for_hooks(world: World, repo: Doc) -> Doc:
    return repository(world.for_hooks(), repo)


def _move(world: World, old: Doc, new: Doc) -> Doc:
    world.tx.put("gh_moved", old["full_name"].lower(), {"repo": old["id"]})
    world.tx.delete("gh_moved", new["full_name"].lower())
    return world.put_repo(new | {"updated": world.now})
