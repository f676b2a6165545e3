"""An issue edited, closed, reopened, labelled, moved or deleted."""

from __future__ import annotations

from datetime import timedelta

from bountyhub import settings
from bountyhub.bot import lookups, reads
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgeEvent
from bountyhub.projects.queries import repository_by_forge_id
from bountyhub.projects.rules_policy import opens_itself
from bountyhub.work.models import LabelState
from bountyhub.work.operations import record_label

#: How long what the forge tells of one merge takes to arrive.
BURST = timedelta(seconds=3)
ACTIONS = frozenset(
    ("opened", "edited", "closed", "reopened", "labeled", "unlabeled", "transferred", "deleted", "locked", "unlocked")
)


def changed(run: Run, hint: ForgeEvent) -> None:
    """Read the issue again; a moved one answers from its new place, a deleted one not at all."""
    if hint.repository is None or hint.issue is None:
        reads.finish(run)
        return
    if hint.action == "unlabeled" and _is_our_label(hint):
        _taken_off(hint.repository, hint.issue)
    if hint.action in ("opened", "labeled"):
        _follow(hint, hint.repository, hint.issue)
    if hint.action == "labeled":
        _labelled(hint.repository, hint.issue, hint.label)
    if hint.action == "closed":
        _closed(run, hint.repository, hint.issue)
        return
    reads.read_issue(run, hint.repository, hint.issue)


def _follow(hint: ForgeEvent, repository: int, number: int) -> None:
    """A label that the project follows was put on by a person (by bots it isn't obeyed), or came with a new issue."""
    if hint.sender is None or hint.sender.is_bot or not hint.sender.id:
        return
    with reading() as session:
        followed = lookups.follows(session, repository, hint.label_id if hint.action == "labeled" else None)
    if not followed:
        return
    with transaction() as session:
        key, label = f"follow:{repository}:{number}:{hint.sender.id}", hint.label if hint.action == "labeled" else ""
        outbox.add(
            session, "forge.follow_label", key=key, repository=repository, number=number, person=hint.sender.id,
            login=hint.sender.login, label=label,
        )  # fmt: skip


def _labelled(repository: int, number: int, label: str) -> None:
    """A label of the policy file makes an issue a task."""
    with reading() as session:
        row = repository_by_forge_id(session, repository)
    if row is None or not opens_itself(row.policy_now, [label]):
        return
    with transaction() as session:
        key = f"labelled:{repository}:{number}"
        outbox.add(session, "forge.open_labelled_issue", key=key, repository=repository, number=number)


def _closed(run: Run, repository: int, number: int) -> None:
    """A merge closes its issue in the same moment: where one may be coming, that is heard first."""
    with reading() as session:
        coming = bool(lookups.pulls_for_open_issue(session, repository, number))
    if not coming:
        reads.read_closed_issue(run, repository, number)
        return
    with transaction() as session:
        at = clock.real_now() + BURST
        key = f"closed:{repository}:{number}"
        outbox.add(session, "forge.read_closed_issue", key=key, run_at=at, repository=repository, number=number)
        run.done(session)


def _is_our_label(hint: ForgeEvent) -> bool:
    """Somebody else than the bot took the label off that it puts on."""
    return hint.label.lower() == settings.current().GITHUB_LABEL.lower() and not hint.is_by_us


def _taken_off(repository: int, number: int) -> None:
    """Whoever takes it off has a right to: it stays off."""
    with reading() as session:
        task = lookups.labelled_task(session, repository, number)
    if task is not None:
        with transaction() as session:
            record_label(session, task, LabelState.TAKEN_OFF)
