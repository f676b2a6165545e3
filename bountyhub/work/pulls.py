"""Reads a pull request, its rivals and the permissions that count through the forge, then records them in one go.

Called by the forge integration for every event of a pull request and by due work before anything ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson, Permission, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.work import reverting
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations import record_pull_request
from bountyhub.work.operations.merges import lock_for
from bountyhub.work.operations.policies import ask_for_checks
from bountyhub.work.operations.reverts import note_reverts

_NEVER = datetime.max.replace(tzinfo=UTC)
Seen = tuple[PullRequestInfo, dict[int, Permission]]


def read_and_record(
    repository: int, number: int, run: Run | None = None, first: Callable[[Session], None] | None = None
) -> None:
    """Record what a pull request (forge repository id, number) is now, in one transaction with the job's end.

    `first` is called in it before anything is recorded. When it was merged, other linked pull requests of the same
    tasks are read too: the first merged wins. What it reverts is noted in a transaction of its own, after its record.
    """
    seen = _read_with_rivals(repository, number)
    said = reverting.of_pull(seen[0][0]) if seen else None
    for target in reverting.waiting(said) if said is not None else []:
        hear_of(repository, target)
    with transaction() as session:
        if first is not None:
            first(session)
        _record(session, seen)
        if run is not None and said is None:
            run.done(session)
    if said is not None:
        with transaction() as session:
            note_reverts(session, [said])
            if run is not None:
                run.done(session)


def hear_of(repository: int, number: int) -> None:
    """Record a pull request that something else is about, without what it reverts itself."""
    seen = _read_with_rivals(repository, number)
    with transaction() as session:
        _record(session, seen)


def _record(session: Session, seen: list[Seen]) -> None:
    lock_for(session, [pull for pull, _ in seen])
    for pull, permissions in sorted(seen, key=_order):
        record_pull_request(session, pull, permissions)
    ask_for_checks(session, (pull for pull, _ in seen))


def _order(seen: Seen) -> tuple[datetime, int]:
    pull, _ = seen
    return (pull.merged_at or _NEVER if pull.merged else _NEVER, pull.number)


def _read_with_rivals(repository: int, number: int) -> list[Seen]:
    first = _read(repository, number)
    if first is None:
        return []
    if not first[0].merged:
        return [first]
    rivals = [_read(*rival) for rival in _rivals(first[0])]
    return [first, *(rival for rival in rivals if rival is not None)]


def _read(repository: int, number: int) -> Seen | None:
    try:
        pull = forge().read_pull_request(repository, number)
    except OutsideGone:
        return None
    return pull, _permissions(pull) if pull.merged else {}


def _permissions(pull: PullRequestInfo) -> dict[int, Permission]:
    people: dict[int, ForgePerson] = {review.person.id: review.person for review in pull.approvals}
    for person in (pull.merged_by, pull.enqueued_by):
        if person is not None:
            people[person.id] = person
    return {id: _permission(pull.repository, person) for id, person in people.items() if not person.is_bot}


def _permission(repository: int, person: ForgePerson) -> Permission:
    """What they may do; nothing when the forge doesn't tell any more (account deleted): the window protects then."""
    try:
        return forge().permission(repository, person)
    except OutsideGone:
        return Permission.NONE


def _rivals(pull: PullRequestInfo) -> list[tuple[int, int]]:
    """Other pull requests that stand for the same tasks."""
    with reading() as session:
        tasks = select(Claim.task_id).where(Claim.pull_forge_id == pull.id)
        query = (
            select(Repository.forge_id, Claim.pull_number)
            .join(Claim, Claim.repository_id == Repository.id)
            .where(Claim.task_id.in_(tasks), Claim.state == ClaimState.LINKED, Claim.pull_forge_id != pull.id)
            .distinct()
        )
        return [(row[0], row[1]) for row in session.execute(query)]
