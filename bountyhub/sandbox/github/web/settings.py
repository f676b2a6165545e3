"""A repository's settings: what its admin may do to it, each one form of one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import installs
from bountyhub.sandbox.github.actions import repositories as actions
from bountyhub.sandbox.github.actions.pulls import rename_branch
from bountyhub.sandbox.github.errors import GithubError, forbidden, not_found
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed, page
from bountyhub.sandbox.github.web.repository import REPO
from bountyhub.sandbox.store import Doc


@page(f"{REPO}/settings")
def settings(visit: Visit) -> Any:
    visit.require("admin")
    there = visit.world.installation_of(visit.repo["owner"])
    return "settings", {
        "there": there,
        "installed": visit.world.installation_for(visit.repo) is not None,
        "branches": sorted(visit.repo["branches"]),
    }


# ---------------------------------------------------------------- buttons; each gives the repository as it then is


def _rename(visit: Visit) -> Doc:
    return actions.rename_repository(visit.world, visit.repo, _text("name"), visit.me)


def _branch(visit: Visit) -> Doc:
    """The form says which branch it was filled in for: pressed twice, that one is gone and nothing is left to do."""
    old = _text("old") or visit.repo["default_branch"]
    if old not in visit.repo["branches"] and _text("branch") == visit.repo["default_branch"]:
        return visit.repo
    return rename_branch(visit.world, visit.repo, visit.me, old, _text("branch"))


def _visibility(visit: Visit) -> Doc:
    return actions.privatize(visit.world, visit.repo, visit.me, private=_text("private", "1") == "1")


def _archive(visit: Visit) -> Doc:
    return actions.archive_repository(visit.world, visit.repo, visit.me, archived=_text("archived", "1") == "1")


def _app(visit: Visit) -> Doc:
    """Put this repository among those that the App is on, or take it out."""
    there = visit.world.installation_of(visit.repo["owner"])
    if there is None:
        raise GithubError(422, "The App is not on this account: install it first")
    if visit.me["id"] != visit.repo["owner"]:
        raise forbidden(f"Only {visit.login(visit.repo['owner'])} may change this installation")
    before = installs.covered(visit.world, there)
    rest = [repo for repo in before if repo["id"] != visit.repo["id"]]
    wanted = [*rest, visit.repo] if _text("on", "1") == "1" else rest
    if not wanted:
        raise GithubError(422, "This is the installation's only repository: uninstall the App instead")
    if len(wanted) != len(before):
        installs.install(visit.world, visit.me, wanted, visit.me)
    return visit.repo


BUTTONS: dict[str, Callable[[Visit], Doc]] = {
    "rename": _rename,
    "branch": _branch,
    "visibility": _visibility,
    "archive": _archive,
    "app": _app,
}


@deed(f"{REPO}/settings/<what>")
def change(visit: Visit, what: str) -> str:
    visit.require("admin")
    if what not in BUTTONS:
        raise not_found()
    return f"{ROOT}/{BUTTONS[what](visit)['full_name']}/settings"


@deed(f"{REPO}/settings/transfer")
def transfer(visit: Visit) -> str:
    """To somebody else, who alone sees the settings from now on."""
    visit.require("admin")
    owner = visit.world.named(_text("login"))
    moved = actions.transfer_repository(visit.world, visit.repo, owner, visit.me)
    return f"{ROOT}/{moved['full_name']}"


@deed(f"{REPO}/settings/delete")
def delete(visit: Visit) -> str:
    visit.require("admin")
    actions.delete_repository(visit.world, visit.repo, visit.me)
    return f"{ROOT}/"


def _text(name: str, default: str = "") -> str:
    return request.form.get(name, default).strip()
