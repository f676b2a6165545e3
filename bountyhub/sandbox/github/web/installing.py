"""Installing the App from the browser, changing the choice of repositories, suspending and uninstalling."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github.actions import installs as actions
from bountyhub.sandbox.github.errors import GithubError, forbidden, not_found
from bountyhub.sandbox.github.shapes.apps import EVENTS, PERMISSIONS, asked, events, granted
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed, page
from bountyhub.sandbox.github.web.session import require_person
from bountyhub.sandbox.github.world import APP_SLUG, covers
from bountyhub.sandbox.store import Doc

NEW = f"/apps/{APP_SLUG}/installations/new"
LEVELS = ("none", "read", "write")


def _own_repos(visit: Visit, account: Doc) -> list[Doc]:
    found = visit.world.tx.find("gh_repo", owner=account["id"], deleted=False)
    return [repo for repo in found if repo["fork_of"] is None]


@page(f"/apps/{APP_SLUG}")
def app_page(visit: Visit) -> Any:
    on = [(visit.login(doc["account"]), doc) for doc in visit.world.tx.find("gh_installation", deleted=False)]
    asks = asked(visit.world)
    names = sorted(PERMISSIONS | asks)
    subscribed = events(visit.world)
    values = {"new": ROOT + NEW, "on": on, "asks": asks, "names": names, "levels": LEVELS, "subscribed": subscribed}
    return "app", values | {"events": sorted({*EVENTS, *subscribed})}


@deed(f"/apps/{APP_SLUG}/permissions")
def ask(visit: Visit) -> str:
    """What the App asks for from now on; each account it is on goes on with what it agreed to until it accepts."""
    require_person(visit.world)
    wanted = {name: request.form.get(name, "none") for name in sorted(PERMISSIONS | asked(visit.world))}
    if any(level not in LEVELS for level in wanted.values()):
        raise GithubError(422, f"A permission is one of {', '.join(LEVELS)}")
    kept = {name: level for name, level in wanted.items() if level != "none"} | {"metadata": "read"}
    visit.world.tx.put("gh_app", "permissions", kept)
    chosen = [name for name in sorted({*EVENTS, *events(visit.world)}) if name in request.form.getlist("events")]
    visit.world.tx.put("gh_app", "events", {"events": chosen})
    return f"{ROOT}/apps/{APP_SLUG}"


@page(NEW)
def choose(visit: Visit) -> Any:
    """Which of my repositories; nobody yet chooses first who they are."""
    if visit.person is None:
        return "install", {"repos": [], "installation": None, "chosen": set(), "state": request.args.get("state", "")}
    repos = _own_repos(visit, visit.person)
    installation = visit.world.installation_of(visit.person["id"])
    chosen = {repo["id"] for repo in repos if installation is not None and covers(installation, repo)}
    state = request.args.get("state", "")
    return "install", {"repos": repos, "installation": installation, "chosen": chosen, "state": state}


@deed(NEW)
def install(visit: Visit) -> str:
    """Install (or change the choice) and go to the App's set-up address, as GitHub does."""
    new = visit.world.installation_of(visit.me["id"]) is None
    wanted = {int(id) for id in request.form.getlist("repos") if id.isdigit()}
    every = request.form.get("selection") == "all"
    repos = [repo for repo in _own_repos(visit, visit.me) if repo["id"] in wanted]
    if not every and not repos:
        raise GithubError(422, "Choose at least one repository")
    made = actions.install(visit.world, visit.me, None if every else repos, visit.me)
    values = {"installation_id": made["id"], "setup_action": "install" if new else "update"}
    if request.form.get("state"):
        values["state"] = request.form["state"]
    return f"{current_sandbox().config.app_url}/github/installed?{urlencode(values)}"


def _installation(visit: Visit, id: int) -> Doc:
    found = visit.world.installation(id)
    if found is None:
        raise not_found()
    if found["account"] != visit.me["id"]:
        raise forbidden(f"Only {visit.login(found['account'])} may change this installation")
    return found


@page("/settings/installations/<int:id>")
def installation(visit: Visit, id: int) -> Any:
    found = _installation(visit, id)
    values = {"installation": found, "repos": actions.covered(visit.world, found), "new": ROOT + NEW}
    values |= {"granted": granted(found), "asked": asked(visit.world)}
    return "installation", values | {"asks": granted(found) != asked(visit.world)}


@deed("/settings/installations/<int:id>/<what>")
def change_installation(visit: Visit, id: int, what: str) -> str:
    found = _installation(visit, id)
    if what == "suspend":
        actions.suspend(visit.world, found, visit.me)
    elif what == "unsuspend":
        actions.unsuspend(visit.world, found, visit.me)
    elif what == "accept":
        actions.accept_permissions(visit.world, found, visit.me)
    elif what == "uninstall":
        actions.uninstall(visit.world, found, visit.me)
        return ROOT + NEW
    else:
        raise not_found()
    return f"{ROOT}/settings/installations/{id}"
