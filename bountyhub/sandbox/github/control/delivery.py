"""Control actions on webhooks and limits: hold them, lose some, send one again, refuse API calls for a while."""

from __future__ import annotations

from bountyhub.sandbox.github import hooks, limits
from bountyhub.sandbox.github.control.registry import Given, action
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.store import Doc


@action
def pause_deliveries(given: Given) -> Doc:
    """Webhooks are written but wait, as in an outage of GitHub's sender."""
    given.world.set_setting("hold_deliveries", 1)
    return {"paused": True}


@action
def resume_deliveries(given: Given) -> Doc:
    """backwards?: the last one first"""
    given.world.set_setting("hold_deliveries", 0)
    return {"paused": False, "released": hooks.release_held(given.world, backwards=given.flag("backwards"))}


@action
def delay_deliveries(given: Given) -> Doc:
    """seconds (0 ends it): each webhook is sent so much later"""
    given.world.set_setting("delay_deliveries", given.number("seconds", 0))
    return {"seconds": given.number("seconds", 0)}


@action
def drop_deliveries(given: Given) -> Doc:
    """count: so many of the next webhooks are never sent and stand in no log"""
    given.world.set_setting("drop_deliveries", given.number("count", 1))
    return {"dropping": given.number("count", 1)}


@action
def redeliver(given: Given) -> Doc:
    """id (of the delivery log) or guid"""
    for entry in hooks.logged(given.world):
        if given.text("guid") == entry["guid"] or given.text("id") == str(entry["id"]):
            hooks.redeliver(given.world, entry)
            return {"guid": entry["guid"]}
    raise not_found()


@action
def ping(given: Given) -> Doc:
    hooks.ping(given.world)
    return {"sent": True}


@action
def limit_rate(given: Given) -> Doc:
    """seconds (0 lifts it), secondary?, status? (403 or 429), part? (core, graphql; else all): calls refused so long"""
    until = limits.limit_rate(
        given.world,
        given.number("seconds", 60),
        secondary=given.flag("secondary"),
        status_429=given.number("status", 403) == 429,
        part=given.text("part"),
    )
    return {"until": until}


@action
def take_away(given: Given) -> Doc:
    """seconds (0 brings it back): every API call is answered with 502 so long"""
    return {"until": limits.take_away(given.world, given.number("seconds", 60))}


@action
def fail_deliveries(given: Given) -> Doc:
    """count: so many of the next webhooks don't arrive, and stand in the log as failed"""
    given.world.set_setting("fail_deliveries", given.number("count", 1))
    return {"failing": given.number("count", 1)}


@action
def deliveries(given: Given) -> Doc:
    """event?: what was sent so far, newest first, with its outcome"""
    wanted = given.text("event")
    lines = []
    for entry in hooks.logged(given.world):
        row = given.world.tx.get("delivery", entry["guid"]) or {}
        name = entry["event"] if entry["action"] is None else f"{entry['event']}.{entry['action']}"
        if not wanted or name.startswith(wanted):
            line = {"id": entry["id"], "guid": entry["guid"], "event": name, "redelivery": entry["redelivery"]}
            lines.append(line | (entry["outcome"] or {"state": row.get("state"), "status": row.get("status")}))
    return {"deliveries": lines}
