"""The line of a claim in its pull request's merge box: what merging it does."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit.money import Money, short
from bountyhub.payouts.models import Payee, Redirect, Share, ShareState, Stop
from bountyhub.payouts.operations.stops import public_stop_of_tasks
from bountyhub.payouts.words import Unpaid, why_unpaid
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.next_step import TaskFacts, day
from bountyhub.work.rules_split import named, spelled


def title_of(session: Session, task: Task, claim: Claim, author: Identity, facts: TaskFacts) -> str:
    """The line in the merge box."""
    split = split_of(session, claim)
    number, who = f"#{task.issue_number}", named([login for login, _ in split] or [author.login])
    if claim.state is ClaimState.CLOSED and not claim.base_counts:
        return f"A merge into {claim.base} pays nothing for {number}"
    if claim.state is ClaimState.LINKED:
        return _title_before(session, task, claim, author, facts, split)
    if claim.state is ClaimState.LATE:
        return f"A maintainer has to confirm that this delivers {number}"
    if claim.state is ClaimState.WINDOW:
        return _title_in_window(claim, facts, number, who)
    if claim.state is ClaimState.BLOCKED:
        by = "A revert" if claim.reverted_url else "An objection"
        return f"{by} blocks {short(facts.held)} of {number}"
    if claim.state is ClaimState.RELEASED:
        return _title_after(session, claim, number, who)
    words = {
        "superseded": "was won by another pull request", "refused": "was not paid for this pull request",
        "undone": "is not paid for this pull request: its release was undone",
    }  # fmt: skip
    return f"{number} {words.get(claim.state, 'is not linked to this pull request')}"


def _title_in_window(claim: Claim, facts: TaskFacts, number: str, who: str) -> str:
    if facts.held.amount and facts.held == facts.aside:
        return f"All of {number} is set aside by objections"
    when = f" on {day(claim.until)}" if claim.until else ""
    return f"{short(facts.held - facts.aside)} of {number} go to {who}{when}"


def split_of(session: Session, claim: Claim) -> list[tuple[str, int]]:
    """Who gets how many percent, as their author said; empty where all of it is the author's."""
    if not claim.split:
        return []
    query = select(Identity.id, Identity.login).where(Identity.id.in_(map(int, claim.split)))
    logins = {row.id: row.login for row in session.execute(query)}
    return [(logins[int(id)], percent) for id, percent in claim.split.items()]


def _title_before(
    session: Session, task: Task, claim: Claim, author: Identity, facts: TaskFacts, split: Sequence[tuple[str, int]]
) -> str:
    number, who, sum_held = f"#{task.issue_number}", f"@{author.login}", facts.held
    if author.is_bot:
        return f"Merging this pays nobody for {number}: a bot opened it"
    if not claim.base_counts:
        return f"Merging this into {claim.base} pays nothing for {number}"
    if not sum_held.amount:
        return f"Nothing is held for {number} yet"
    if split:
        return _title_split(f"{short(sum_held)} of {number}: {spelled(split)}", claim, stop_of_task(session, task))
    if claim.co_authors:
        days = facts.window_days
        return f"Merging this begins up to {days} days for objections; then {short(sum_held)} of {number} go to {who}"
    if claim.draft:
        return f"Still a draft: once ready, merging it releases {short(sum_held)} of {number} to {who}"
    unpaid = _unpaid(session, author)
    if unpaid is not None and unpaid.why.startswith("can’t"):
        return f"Merging this keeps {short(sum_held)} of {number} for {who}, who {unpaid.why.partition(':')[0]}"
    if unpaid is not None:
        return f"Merging this keeps {short(sum_held)} of {number} for {who} until they connect a payout account"
    if stop_of_task(session, task) is not None:
        return f"Merging this releases {short(sum_held)} of {number} to {who}, paid once a stop has ended"
    return f"Merging this releases {short(sum_held)} of {number} to {who}"


def _title_split(what: str, claim: Claim, stop: Stop | None) -> str:
    if claim.draft:
        return f"Still a draft: once ready, merging it releases {what}"
    return f"Merging this releases {what}" + (", paid once a stop has ended" if stop is not None else "")


def _unpaid(session: Session, author: Identity) -> Unpaid | None:
    query = select(Payee.state, Payee.disabled_reason).where(Payee.person_id == author.person_id)
    found = session.execute(query).first() if author.person_id is not None else None
    return why_unpaid(*found) if found is not None else why_unpaid(None)


def stop_of_task(session: Session, task: Task) -> Stop | None:
    """What halts outgoing money of the task at present, where everybody may know."""
    return public_stop_of_tasks(session, [task]).get(task.id)


def _title_after(session: Session, claim: Claim, number: str, who: str) -> str:
    shares = list(session.scalars(select(Share).where(Share.claim_id == claim.id).order_by(Share.id)))
    if not shares:
        return f"{number} was completed without money"
    standing = [share for share in shares if share.state is not ShareState.RETURNED]
    total = Money(sum(share.amount for share in standing or shares), shares[0].currency)
    who = _who_gets(session, standing) or who
    if not standing:
        return f"{short(total)} of {number} went back: {who} could not be paid in time"
    if any(share.state is ShareState.KEPT for share in shares):
        return f"{short(total)} of {number} are kept for {who}: sign in and connect a payout account"
    if all(share.state is ShareState.PAID for share in standing):
        return f"{short(total)} of {number} were paid to {who}"
    return f"{short(total)} of {number} were released to {who}"


def _who_gets(session: Session, shares: list[Share]) -> str:
    """Who gets these, by name: to whom each was sent on, else whose it is."""
    query = select(Redirect.name, Identity.login).select_from(Share).join(Identity, Identity.id == Share.identity_id)
    query = query.outerjoin(Redirect, Redirect.share_id == Share.id).where(Share.id.in_([share.id for share in shares]))
    return " and ".join(sorted({name or f"@{login}" for name, login in session.execute(query)}))
