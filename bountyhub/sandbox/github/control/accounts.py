"""Control actions on people, repositories and installations."""

from __future__ import annotations

from bountyhub.sandbox.github.actions import files, installs
from bountyhub.sandbox.github.actions import people as people_actions
from bountyhub.sandbox.github.actions import repositories as repos
from bountyhub.sandbox.github.control.registry import Given, action
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes.apps import asked, events
from bountyhub.sandbox.store import Doc


def _person(doc: Doc) -> Doc:
    return {"id": doc["id"], "login": doc["login"], "email": doc["email"], "type": doc["type"]}


def _repo(doc: Doc) -> Doc:
    kept = ("id", "full_name", "private", "archived", "default_branch")
    return {name: doc[name] for name in kept}


def _installation(doc: Doc) -> Doc:
    kept = ("id", "account", "selection", "repos", "suspended_at")
    return {name: doc[name] for name in kept}


@action
def create_person(given: Given) -> Doc:
    """login, name?, email?, type? (User, Bot, Organization), id?"""
    kind = given.text("type", "User")
    texts = given.text("login"), given.text("name"), given.text("email"), kind
    return _person(people_actions.create_person(given.world, *texts, id=given.maybe_number("id")))


@action
def rename_person(given: Given) -> Doc:
    """login, to"""
    return _person(people_actions.rename_person(given.world, given.person("login"), given.text("to")))


@action
def delete_person(given: Given) -> Doc:
    """login: with their repositories and their installation; what they wrote elsewhere is the ghost's"""
    person = given.person("login")
    people_actions.delete_person(given.world, person)
    return _person(person) | {"deleted": True}


@action
def set_permission(given: Given) -> Doc:
    """repo, login, role (none, read, triage, write, maintain, admin)"""
    repo, person = given.repo(), given.person("login")
    people_actions.set_role(given.world, repo, person, given.text("role"))
    return {"repository": repo["id"], "person": person["id"], "role": given.text("role")}


@action
def create_repository(given: Given) -> Doc:
    """owner, name, description?, private?, license?, language?, id?"""
    return _repo(
        repos.create_repository(
            given.world,
            given.person("owner"),
            given.text("name"),
            description=given.text("description"),
            private=given.flag("private"),
            language=given.maybe("language"),
            license=given.text("license", "AGPL-3.0") or None,
            id=given.maybe_number("id"),
        )
    )


@action
def rename_repository(given: Given) -> Doc:
    """repo, name, as?"""
    repo = given.repo()
    return _repo(repos.rename_repository(given.world, repo, given.text("name"), given.sender(repo)))


@action
def transfer_repository(given: Given) -> Doc:
    """repo, owner, as?"""
    repo = given.repo()
    return _repo(repos.transfer_repository(given.world, repo, given.person("owner"), given.sender(repo)))


@action
def archive_repository(given: Given) -> Doc:
    """repo, archived?, as?"""
    repo = given.repo()
    archived = given.flag("archived", True)
    return _repo(repos.archive_repository(given.world, repo, given.sender(repo), archived=archived))


@action
def privatize(given: Given) -> Doc:
    """repo, private?, as?"""
    repo = given.repo()
    return _repo(repos.privatize(given.world, repo, given.sender(repo), private=given.flag("private", True)))


@action
def delete_repository(given: Given) -> Doc:
    """repo, as?"""
    repo = given.repo()
    repos.delete_repository(given.world, repo, given.sender(repo))
    return _repo(repo) | {"deleted": True}


@action
def put_file(given: Given) -> Doc:
    """repo, path, content (deleted when left out), branch?, message?, as?: a commit that writes a file, pushed"""
    repo = given.repo()
    made = files.write_file(
        given.world, repo, given.sender(repo), given.text("path"), given.maybe("content"),
        branch=given.text("branch"), message=given.text("message"),
    )  # fmt: skip
    return {"repository": repo["id"], "path": given.text("path"), "sha": made["sha"]}


@action
def propose_file(given: Given) -> Doc:
    """repo, path, content (deleted when left out), number? (of an open pull request; else a new one), message?, as?"""
    repo = given.repo()
    doc = files.propose_file(
        given.world, repo, given.sender(repo), given.text("path"), given.maybe("content"),
        number=given.maybe_number("number"), message=given.text("message"),
    )  # fmt: skip
    return {"repository": repo["id"], "number": doc["number"], "head_sha": doc["pull"]["head_sha"]}


@action
def install(given: Given) -> Doc:
    """account, repos? (names; all repositories when left out), as?, id?"""
    account = given.person("account")
    names = given.texts("repos")
    chosen = [_named(given, name) for name in names] if names else None
    sender = given.person("as") if given.text("as") else account
    return _installation(installs.install(given.world, account, chosen, sender, given.maybe_number("id")))


def _named(given: Given, name: str) -> Doc:
    found = given.world.repo_by_name(name)
    if found is None:
        raise GithubError(404, f"There is no repository {name}")
    return found


def _installed(given: Given) -> tuple[Doc, Doc]:
    account = given.person("account")
    found = given.world.installation_of(account["id"])
    if found is None:
        raise not_found()
    return found, given.person("as") if given.text("as") else account


@action
def uninstall(given: Given) -> Doc:
    """account, as?"""
    installation, sender = _installed(given)
    installs.uninstall(given.world, installation, sender)
    return _installation(installation) | {"deleted": True}


@action
def app_asks(given: Given) -> Doc:
    """permissions? (name:level, with commas), events? (with commas): what the App asks for from now on"""
    if given.texts("permissions"):
        wanted = dict(part.split(":", 1) for part in given.texts("permissions"))
        given.world.tx.put("gh_app", "permissions", wanted)
    if given.texts("events"):
        given.world.tx.put("gh_app", "events", {"events": list(given.texts("events"))})
    return {"permissions": asked(given.world), "events": events(given.world)}


@action
def accept_permissions(given: Given) -> Doc:
    """account, as?: what the App asks for now"""
    return _installation(installs.accept_permissions(given.world, *_installed(given)))


@action
def suspend(given: Given) -> Doc:
    """account, as?"""
    return _installation(installs.suspend(given.world, *_installed(given)))


@action
def unsuspend(given: Given) -> Doc:
    """account, as?"""
    return _installation(installs.unsuspend(given.world, *_installed(given)))
