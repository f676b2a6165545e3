"""Reverts: noted with what they take back; one that stands blocks a claim in its window, one taken back lifts that.

Nobody raises or withdraws these objections: what is on the branch does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock
from bountyhub.people.models import Identity
from bountyhub.people.operations import FORGE
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_tasks
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState, Revert
from bountyhub.work.operations.claims import lock_claim, move, show_claim
from bountyhub.work.operations.objection_rows import open_objections, settle_rows
from bountyhub.work.operations.objections import end_window, still_blocked
from bountyhub.work.operations.releases import held, lives, window_of
from bountyhub.work.rules import ClaimEvent, block_until, window_until
from bountyhub.work.rules_reverts import names, standing


@dataclass(frozen=True)
class Reverting:
    """A merged pull request or pushed commit, and what it says it takes back: hashes, pull requests' numbers, titles.

    `again`: the issues (our task ids) that it closes, for a change that is merged anew; `author`: its forge id.
    """

    repository_id: int
    url: str
    title: str
    at: datetime
    shas: tuple[str, ...]
    pull_number: int | None = None
    named_shas: frozenset[str] = frozenset()
    named_pulls: frozenset[int] = frozenset()
    named_titles: frozenset[str] = frozenset()
    again: frozenset[int] = field(default=frozenset())
    author: int = 0


def note_reverts(session: Session, said: Sequence[Reverting]) -> None:
    """Note what these take back and do what follows; saying it again changes nothing."""
    concerned = {one.url: _concerned(session, one) for one in said}
    lock_tasks(session, {claim.task_id for claims in concerned.values() for claim in claims})
    for one in said:
        for claim_id in sorted(claim.id for claim in concerned[one.url]):
            task, claim = lock_claim(session, claim_id)
            if _note(session, claim, one):
                _follow(session, task, claim)


def look_again(session: Session, claim_id: int) -> None:
    """A claim came into its window: a revert that was noted before blocks it as well."""
    task, claim = lock_claim(session, claim_id)
    _follow(session, task, claim)


def reverts_of(session: Session, claim: Claim) -> list[Revert]:
    """Everything noted about a claim's change, oldest first."""
    return list(session.scalars(select(Revert).where(Revert.claim_id == claim.id).order_by(Revert.id)))


def _concerned(session: Session, said: Reverting) -> list[Claim]:
    """Merged claims of the repository whose change, or whose reverts, this may be about."""
    query = select(Claim).where(Claim.repository_id == said.repository_id, Claim.merged_at.is_not(None))
    claims = list(session.scalars(query))
    rows: dict[int, list[Revert]] = defaultdict(list)
    for row in session.scalars(select(Revert).where(Revert.claim_id.in_([claim.id for claim in claims]))):
        rows[row.claim_id].append(row)
    return [
        claim for claim in claims
        if _names_change(said, claim)
        or any(_names_row(said, row) for row in rows[claim.id])
        or (claim.task_id in said.again and rows[claim.id])
    ]  # fmt: skip


def _names_change(said: Reverting, claim: Claim) -> bool:
    if said.pull_number is not None and said.pull_number == claim.pull_number:
        return False  # a pull request doesn't take itself back, whatever the history of its branch says
    if claim.pull_number in said.named_pulls or names(said.named_shas, claim.merge_shas):
        return True
    return claim.title in said.named_titles


def _names_row(said: Reverting, row: Revert) -> bool:
    if row.url == said.url:
        return False
    if row.pull_number in said.named_pulls or names(said.named_shas, row.shas):
        return True
    return row.title in said.named_titles


def _note(session: Session, claim: Claim, said: Reverting) -> bool:
    """Add what isn't known yet; whether anything was."""
    rows = reverts_of(session, claim)
    if any(row.url == said.url or set(row.shas) & set(said.shas) for row in rows):
        return False
    targets = [row.id for row in rows if _names_row(said, row)]
    if not targets and _names_change(said, claim):
        targets = [0]
    if not targets and _is_merged_again(session, claim, said, rows):
        targets = standing({row.id: row.of_id for row in rows})
    for target in targets:
        session.add(_row(claim, said, target))
    session.flush()
    return bool(targets)


def _is_merged_again(session: Session, claim: Claim, said: Reverting, rows: Sequence[Revert]) -> bool:
    """Another pull request of the same author that closes the same issue, merged after the reverts."""
    if claim.task_id not in said.again or said.pull_number == claim.pull_number:
        return False
    author = session.get_one(Identity, claim.author_id).forge_id
    return said.author == author and all(row.at <= said.at for row in rows)


def _row(claim: Claim, said: Reverting, of: int) -> Revert:
    return Revert(
        claim_id=claim.id, of_id=of, pull_number=said.pull_number, title=said.title[:500], url=said.url[:300],
        shas=list(said.shas), at=said.at, noted_at=clock.now(),
    )  # fmt: skip


def _follow(session: Session, task: Task, claim: Claim) -> None:
    """Make the claim's state what its reverts say."""
    rows = reverts_of(session, claim)
    up = standing({row.id: row.of_id for row in rows})
    by = next((row for row in reversed(rows) if row.id in up), None)
    was, claim.reverted_url = claim.reverted_url, by.url if by else ""
    if bool(was) != bool(by):
        action = "claim_reverted" if by else "claim_restored"
        audit.record(session, FORGE.name, action, "claim", claim.id, url=claim.reverted_url or rows[-1].url)
    open_ = [row for row in open_objections(session, claim) if row.by_revert]
    if by and not open_ and claim.state in (ClaimState.WINDOW, ClaimState.BLOCKED):
        _block(session, task, claim, by)
    elif not by and open_:
        _lift(session, task, claim, open_, rows[-1].url)
    show_claim(session, claim)


def _block(session: Session, task: Task, claim: Claim, revert: Revert) -> None:
    until = block_until(clock.now(), lives(held(session, task)))
    objection = Objection(
        claim_id=claim.id, by_decider=True, by_revert=True, reason=f"The change was reverted: {revert.url}",
        state=ObjectionState.OPEN, at=clock.now(), until=until,
    )  # fmt: skip
    session.add(objection)
    session.flush()
    if claim.state is ClaimState.WINDOW:
        move(session, claim, ClaimEvent.BLOCKED, FORGE, until=until)
    outbox.add(session, "notify.objected", objection=objection.id)


def _lift(session: Session, task: Task, claim: Claim, open_: Collection[Objection], url: str) -> None:
    """Merged again: people get the window's days anew, once."""
    settle_rows(session, list(open_), ObjectionState.WITHDRAWN, FORGE, f"The change was merged again: {url}")
    session.flush()
    if claim.state is not ClaimState.BLOCKED:
        return
    if claim.restarted_at is None:
        claim.restarted_at = clock.now()
        pieces = held(session, task)
        claim.window_until = window_until(clock.now(), lives(pieces), window_of(pieces))
    if not still_blocked(session, task, claim):
        move(session, claim, ClaimEvent.UNBLOCKED, FORGE, until=claim.window_until)
        end_window(session, claim.id)
