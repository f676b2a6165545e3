"""What happened at the forge, by what it happened to: each is a hint what to read again, carried out and finished.

A forge's integration turns its deliveries into `ForgeEvent`s in the words of this table and hands them to `carry_out`.
Events and actions that aren't in the table are acknowledged and kept; a later version may replay them.
"""

from __future__ import annotations

from collections.abc import Callable

from bountyhub.bot import reads
from bountyhub.bot.handlers import comments, installations, issues, pull_requests, pushes, repositories
from bountyhub.events import outbox
from bountyhub.events.registry import Run
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


def carry_out(run: Run, hint: ForgeEvent) -> None:
    """Read again what an event is about and record it; finished in the same transaction."""
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
    """Somebody we know acts under another login: nobody is told when one is renamed, so it is read again."""
    sender = hint.sender
    if sender is None or sender.is_bot or not sender.id:
        return
    with reading() as session:
        renamed = goes_by_another_login(session, sender.id, sender.login)
    if renamed:
        with transaction() as session:
            outbox.add(session, "forge.read_person", key=f"person:{sender.id}", person=sender.id)
