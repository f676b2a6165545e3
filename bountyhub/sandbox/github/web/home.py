"""The start page, accounts, the person switcher, avatars and the delivery log."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, request

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.github import hooks, limits
from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions import people
from bountyhub.sandbox.github.calls import blueprint, world_of_request
from bountyhub.sandbox.github.errors import GithubError, forbidden, not_found
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed, page, refusal
from bountyhub.sandbox.github.web.session import COOKIE, remember
from bountyhub.sandbox.store import Doc

COLOURS = ("#8a4b00", "#1c6b3a", "#6a4bb0", "#a3231b", "#1d5fa0")
MAX_SHOWN = 50
#: The largest number of webhooks to lose, or of seconds to wait.
MOST = 3600
SWITCHES = ("drop_deliveries", "fail_deliveries", "delay_deliveries")


@page("/")
def home(visit: Visit) -> Any:
    repos = [repo for repo in visit.world.tx.all("gh_repo") if _shown(visit, repo) and repo["fork_of"] is None]
    return "home", {"repos": repos, "installed": {repo["id"] for repo in repos if visit.world.installation_for(repo)}}


def _shown(visit: Visit, repo: Doc) -> bool:
    return not repo["deleted"] and at_least(repo, visit.person, "read")


@page("/<login>")
def account(visit: Visit, login: str) -> Any:
    owner = visit.world.person_by_login(login)
    if owner is None:
        raise not_found()
    repos = [repo for repo in visit.world.tx.find("gh_repo", owner=owner["id"]) if _shown(visit, repo)]
    return "account", {"owner": owner, "repos": repos}


@blueprint.post("/switch")
def switch() -> Any:
    """Become somebody else, or nobody."""
    goal = urlsplit(request.form.get("next", ""))
    # Only back to a page of our own.
    response = redirect(goal.path if goal.path.startswith(f"{ROOT}/") else f"{ROOT}/", 303)
    if not request.form.get("login"):
        response.delete_cookie(COOKIE, path=ROOT)
        return response
    try:
        with current_sandbox().store.transaction() as tx:
            remember(response, world_of_request(tx).named(request.form["login"]))
    except GithubError as error:
        return refusal(error)
    return response


@blueprint.get("/avatars/u/<int:id>")
def avatar(id: int) -> Response:
    """A coloured letter."""
    with current_sandbox().store.transaction() as tx:
        person = tx.get("gh_person", str(id))
    letter = "?" if person is None else person["login"][0].upper()
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="20" fill="{COLOURS[id % len(COLOURS)]}"/>'
        '<text x="20" y="27" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" '
        f'fill="#fff">{letter if letter.isalnum() else "?"}</text></svg>'
    )
    return Response(picture, content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@page("/deliveries")
def deliveries(visit: Visit) -> Any:
    lines = [(entry, _outcome(visit, entry)) for entry in hooks.logged(visit.world)[:MAX_SHOWN]]
    switches = {name: visit.world.setting(name) for name in SWITCHES}
    limited = max(0, visit.world.setting("limited_until") - visit.world.real)
    paused = visit.world.setting("hold_deliveries")
    away = max(0, visit.world.setting("away_until") - visit.world.real)
    return "deliveries", {"lines": lines, "paused": paused, "limited": limited, "away": away, **switches}


def _outcome(visit: Visit, entry: Doc) -> Doc:
    found = entry["outcome"] or visit.world.tx.get("delivery", entry["guid"])
    return found or {"state": "lost", "status": None}


@deed("/deliveries/<int:id>/attempts")
def redeliver(visit: Visit, id: int) -> str:
    entry = visit.world.tx.get("gh_hook", str(id))
    if entry is None:
        raise not_found()
    hooks.redeliver(visit.world, entry)
    return f"{ROOT}/deliveries"


@deed("/deliveries/pause")
def pause(visit: Visit) -> str:
    """Hold webhooks back, or let them go again."""
    paused = bool(visit.world.setting("hold_deliveries"))
    visit.world.set_setting("hold_deliveries", int(not paused))
    if paused:
        hooks.release_held(visit.world, backwards=request.form.get("order") == "backwards")
    return f"{ROOT}/deliveries"


@deed("/deliveries/drop")
def drop(visit: Visit) -> str:
    """Lose the next ones."""
    visit.world.set_setting("drop_deliveries", _small("count"))
    return f"{ROOT}/deliveries"


@deed("/deliveries/fail")
def fail(visit: Visit) -> str:
    """The next ones don't arrive, and the log says so: the App may ask for them again."""
    visit.world.set_setting("fail_deliveries", _small("count"))
    return f"{ROOT}/deliveries"


@deed("/deliveries/delay")
def delay(visit: Visit) -> str:
    """Send each one later."""
    visit.world.set_setting("delay_deliveries", _small("seconds"))
    return f"{ROOT}/deliveries"


@deed("/limits")
def limit(visit: Visit) -> str:
    """Refuse every API call for a while, as GitHub does above its limits."""
    kind = request.form.get("kind", "")
    limits.limit_rate(
        visit.world, _small("seconds"), secondary=kind == "secondary", status_429=False,
        part="graphql" if kind == "graphql" else "",
    )  # fmt: skip
    return f"{ROOT}/deliveries"


@deed("/away")
def away(visit: Visit) -> str:
    """Answer every API call with an error for a while, as in an outage of GitHub."""
    limits.take_away(visit.world, _small("seconds"))
    return f"{ROOT}/deliveries"


def _small(name: str) -> int:
    text = request.form.get(name, "")
    if not text.isdecimal() or int(text) > MOST:
        raise GithubError(422, f"Write a number from 0 to {MOST}")
    return int(text)


@deed("/<login>/rename")
def rename(visit: Visit, login: str) -> str:
    """Somebody takes another login; everything of theirs moves with them."""
    renamed = people.rename_person(visit.world, _account(visit, login), request.form.get("to", "").strip())
    return f"{ROOT}/{renamed['login']}"


@deed("/<login>/delete")
def delete(visit: Visit, login: str) -> str:
    """Somebody deletes their account."""
    people.delete_person(visit.world, _account(visit, login))
    return f"{ROOT}/"


def _account(visit: Visit, login: str) -> Doc:
    found = visit.world.named(login)
    if found["type"] == "Bot":
        raise forbidden("Bots stay as they are")
    return found
