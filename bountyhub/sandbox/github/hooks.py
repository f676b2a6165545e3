"""Writes the signed webhooks of the App: payload, log entry for the deliveries API, and the row that will be sent.

Called by actions, inside the transaction of the change they announce.
"""

from __future__ import annotations

import json
import time
import uuid

from bountyhub.sandbox import deliveries
from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.apps import events
from bountyhub.sandbox.github.shapes.apps import installation as installation_body
from bountyhub.sandbox.github.shapes.people import simple_user
from bountyhub.sandbox.github.shapes.repositories import repository
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

HOUR = 3600
KEPT_HOURS = 72


def announce(world: World, event: str, repo: Doc, sender: Doc, **parts: object) -> None:
    """One event of a repository; nothing is sent where the App isn't there, is suspended or didn't subscribe to it.

    `event` is `issues.opened` or, for events without actions, `push`. Parts are bodies made for `world.for_hooks()`.
    """
    installation = world.installation_for(repo)
    if installation is None or installation["suspended_at"] is not None:
        return
    if event.partition(".")[0] not in events(world):
        return
    hooked = world.for_hooks()
    payload: Doc = {"action": event.partition(".")[2]} if "." in event else {}
    payload |= parts
    payload.setdefault("repository", repository(hooked, repo))
    payload["sender"] = simple_user(hooked.urls, sender)
    payload["installation"] = short_installation(installation)
    _send(world, event, payload, installation["id"], repo["id"])


def announce_installation(world: World, event: str, installation: Doc, sender: Doc, /, **parts: object) -> None:
    """An event of the installation itself, sent even when it is suspended or just removed."""
    hooked = world.for_hooks()
    payload: Doc = {"action": event.partition(".")[2], "installation": installation_body(hooked, installation)}
    payload |= parts | {"sender": simple_user(hooked.urls, sender)}
    _send(world, event, payload, installation["id"], None)


def ping(world: World) -> None:
    """What GitHub sends when a webhook is set up."""
    hook = world.config.github_app_id if world.config else 0
    url = f"{world.config.app_url}/webhooks/github" if world.config else ""
    config = {"content_type": "json", "insecure_ssl": "0", "url": url}
    about = {"type": "App", "id": hook, "name": "web", "active": True, "events": ["issues"], "config": config}
    about |= {"app_id": hook, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    _send(world, "ping", {"zen": "Keep it logically awesome.", "hook_id": hook, "hook": about}, None, None)


def short_installation(installation: Doc) -> Doc:
    """How events that aren't about the installation name it."""
    return {"id": installation["id"], "node_id": node_id("MDIz", installation["id"])}


def _send(world: World, event: str, payload: Doc, installation: int | None, repo: int | None) -> None:
    dropped = world.setting("drop_deliveries")
    if dropped > 0:
        world.set_setting("drop_deliveries", dropped - 1)
        return
    guid = str(uuid.uuid4())
    wait = world.setting("delay_deliveries")
    failing = world.setting("fail_deliveries")
    world.set_setting("fail_deliveries", max(0, failing - 1))
    body, lose = json.dumps(payload), int(failing > 0)
    deliveries.enqueue(world.tx, "github", event, body, retry=False, id=guid, wait=wait, lose=lose)
    if world.setting("hold_deliveries"):
        _park(world, guid)
    log_delivery(world, guid, event, installation, repo, redelivery=False)


def log_delivery(
    world: World, guid: str, event: str, installation: int | None, repo: int | None, *, redelivery: bool
) -> Doc:
    """One line of `GET /app/hook/deliveries`; its outcome is read from the sent row until a redelivery freezes it."""
    id = world.new_id("gh_hook")
    entry: Doc = {
        "id": id,
        "guid": guid,
        "event": event.partition(".")[0],
        "action": event.partition(".")[2] or None,
        "installation": installation,
        "repo": repo,
        "at": world.real,
        "redelivery": redelivery,
        "outcome": None,
    }
    return world.tx.put("gh_hook", str(id), entry, ref=f"h{world.real // HOUR}")


def logged(world: World) -> list[Doc]:
    """Delivery log of the last three days, newest first."""
    hour = world.real // HOUR
    entries: list[Doc] = []
    for back in range(KEPT_HOURS + 1):
        entries += world.tx.all("gh_hook", ref=f"h{hour - back}", newest_first=True)
    return entries


def redeliver(world: World, entry: Doc) -> None:
    """Queue the same body under the same id once more, as a new line of the log."""
    row = world.tx.get("delivery", entry["guid"])
    if row is None:
        return
    if entry["outcome"] is None:
        outcome = {"state": row["state"], "status": row["status"]}
        world.tx.put("gh_hook", str(entry["id"]), entry | {"outcome": outcome})
    event = entry["event"] if entry["action"] is None else f"{entry['event']}.{entry['action']}"
    log_delivery(world, entry["guid"], event, entry["installation"], entry["repo"], redelivery=True)
    again = row | {"state": "waiting", "due": world.real, "attempts": 0, "lose": 0}
    world.tx.put("delivery", entry["guid"], again, ref="waiting")


def _park(world: World, guid: str) -> None:
    row = world.tx.get("delivery", guid)
    if row is not None:
        world.tx.put("delivery", guid, row | {"state": "held"}, ref="held")


def release_held(world: World, *, backwards: bool = False) -> int:
    """Let go what was held while deliveries were paused, the last one first if asked for; how many."""
    held = world.tx.all("delivery", ref="held", newest_first=backwards)
    now = time.time()
    for place, row in enumerate(held):
        world.tx.put("delivery", row["id"], row | {"state": "waiting", "due": now + place / 1000}, ref="waiting")
    return len(held)
