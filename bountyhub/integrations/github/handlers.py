"""Stored deliveries of GitHub, by event: each is a hint what to read again. Importing this registers the handler.

Events and actions that aren't in the table are acknowledged and kept; a later version may replay them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bountyhub import settings
from bountyhub.bot import reads
from bountyhub.bot.handlers import comments, installations, issues, pull_requests, pushes, repositories
from bountyhub.events import inbox, outbox
from bountyhub.events.models import InboxEvent
from bountyhub.events.registry import Run
from bountyhub.integrations.github import deliveries
from bountyhub.kit.database import reading, transaction
from bountyhub.people.queries import goes_by_another_login
from bountyhub.ports.errors import NotInstalled
from bountyhub.ports.forge import ForgeEvent

Handler = Callable[[Run, ForgeEvent], None]

#: Event → actions that matter → what reads the object again.
HANDLERS: dict[str, tuple[frozenset[str], Handler]] = {
    "installation": (installations.ACTIONS, installations.changed),
    "installation_repositories": (installations.REPOSITORY_ACTIONS, installations.changed),
    "installation_target": (installations.TARGET_ACTIONS, installations.changed),
    "repository": (repositories.ACTIONS, repositories.changed),
    "issues": (issues.ACTIONS, issues.changed),
    "pull_request": (pull_requests.ACTIONS, pull_requests.changed),
    "push": (pushes.ACTIONS, pushes.pushed),
    "issue_comment": (comments.ACTIONS, comments.changed),
}


@inbox.handles("github")
def handle(run: Run, event: InboxEvent) -> None:
    """Read again what a delivery is about and record it; finished in the same transaction."""
    hint = _hint(event.event, json.loads(event.body))
    _note_login(hint)
    actions, handler = HANDLERS.get(hint.event, (frozenset(), None))
    if handler is None or hint.action not in actions:
        reads.finish(run)
        return
    try:
        handler(run, hint)
    except NotInstalled as refusal:
        reads.converge(run, hint.repository or 0, refusal)


def _note_login(hint: ForgeEvent) -> None:
    """Somebody we know acts under another login: GitHub tells nobody when one is renamed, so it is read again."""
    sender = hint.sender
    if sender is None or sender.is_bot or not sender.id:
        return
    with reading() as session:
        renamed = goes_by_another_login(session, sender.id, sender.login)
    if renamed:
        with transaction() as session:
            outbox.add(session, "forge.read_person", key=f"person:{sender.id}", person=sender.id)


def _hint(event: str, payload: dict[str, Any]) -> ForgeEvent:
    ours = settings.current()
    return deliveries.parse(event, payload, app_id=ours.GITHUB_APP_ID, slug=ours.GITHUB_APP_SLUG)
