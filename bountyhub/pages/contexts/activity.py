"""The audit trail in plain words, for the pages of a task, a claim and a contribution.

Events of money never name anybody: a backer may be anonymous.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bountyhub.events.models import AuditEvent
from bountyhub.kit.money import Money, short
from bountyhub.pages.contexts.parts import Dated
from bountyhub.people.models import Identity, Person

LONGEST = 100
TEXTS = {
    "task_created": "The issue was listed here",
    "task_opened": "Opened to funding",
    "task_given_up": "Given up",
    "task_claim_merged": "A pull request was merged",
    "task_ended": "Cancelled",
    "task_settled": "Completed",
    "task_claim_refused": "Open again: the claim was not paid",
    "task_claim_undone": "Open again: the release was undone",
    "task_end_announced": "Its end was announced",
    "task_end_taken_back": "Goes on: its end was taken back",
    "attempt_begun": "“I am on it”, said",
    "attempt_withdrawn": "Not on it any more,",
    "attempt_lapsed": "“I am on it” lapsed: no pull request in 14 days",
    "claim_linked": "A pull request was linked",
    "claim_shown": "The link is shown on the pull request",
    "claimed": "The author claimed this task with the pull request",
    "claim_split": "Split among several people",
    "claim_unlinked": "The link of a pull request was removed",
    "claim_pull_closed": "A linked pull request was closed",
    "claim_linked_again": "A pull request was linked again",
    "claim_another_merged": "Another pull request was merged first",
    "claim_merged_independent": "Merged by somebody else than its author",
    "claim_merged_window": "Merged; the time for objections began",
    "claim_merged_late": "Merged before the link was shown: to be confirmed",
    "claim_confirmed": "The claim was confirmed",
    "claim_landed": "A maintainer said that the change is on the branch; the time for objections began",
    "claim_named": "A maintainer named the person behind a bot’s pull request",
    "claim_lapsed": "Nobody confirmed the claim in time",
    "claim_window_ended": "The time for objections is over",
    "claim_blocked": "An objection blocks the claim",
    "claim_reverted": "The change was reverted",
    "claim_restored": "The reverted change was merged again",
    "claim_unblocked": "The claim is no longer blocked",
    "claim_accepted": "The objection was overruled: released",
    "claim_refused": "The objection was upheld: not paid",
    "claim_share_redirected": "The developer sent the money on",
    "claim_released": "Released to the developer",
    "claim_undone": "The release was undone",
    "objected": "Somebody objected",
    "objection_withdrawn": "An objection was withdrawn",
    "objection_upheld": "An objection was upheld",
    "objection_overruled": "An objection was overruled",
    "contribution_captured": "A contribution arrived",
    "contribution_mismatched": "A payment of a wrong amount was set apart",
    "withdrawal_announced": "A backer gave notice to take money back",
    "withdrawal_taken_back": "A backer leaves the money here after all",
    "refund_asked": "Money began its way back to a backer",
    "refund_done": "Money reached a backer again",
    "refund_failed": "A bank refused a refund",
    "refund_refused": "The payment provider refused a refund; asked for again by itself",
    "refund_asked_again": "A refund that had failed was asked for again",
    "refund_paid_otherwise": "The operator gave money back another way",
    "kept_share_returned": "Kept money went back to a backer",
    "suspended_returned": "A payment of a wrong amount went back",
    "share_claimed": "The developer connected a payout account",
    "share_paid": "Paid",
    "share_unsendable": "Kept: the payout account can’t receive money",
    "transfer_refused": "The payout account refused the money; tried again by itself",
    "transfer_reversed": "A transfer came back from the payment provider",
    "reversal_waits": "Taking money back from the developer has to wait; tried again each day",
    "reversal_given_up": "Money could not be taken back: it stays with the developer",
}
#: Whose name stands beside an event; money names nobody, and who objects may be an anonymous backer.
NAMED = ("task", "claim")
UNNAMED = ("objected", "objection_withdrawn", "claim_blocked", "claim_unblocked")
#: Whose reason everybody may read, and where its detail names who proposed it.
REASONED = ("claim_undone",)
PROPOSER = "proposed_by"
CLOCKWORK = {"operator": "the operator", "github": "", "stripe": "", "clock": ""}

Object = tuple[str, Collection[int]]


def activity(session: Session, objects: Sequence[Object], currency: str) -> list[Dated]:
    """What happened to these objects (kind, ids), newest first; three queries."""
    chosen = [and_(AuditEvent.object_kind == kind, AuditEvent.object_id.in_(ids)) for kind, ids in objects if ids]
    query = select(AuditEvent).where(or_(*chosen), AuditEvent.action.in_(TEXTS))
    events = session.scalars(query.order_by(AuditEvent.id.desc()).limit(LONGEST)).all()
    names = _names(session, events)
    return [Dated(event.at, _text(event, names, currency)) for event in events]


def _text(event: AuditEvent, names: dict[str, str], currency: str) -> str:
    text, amount = TEXTS[event.action], event.detail.get("amount", event.detail.get("total"))
    if isinstance(amount, int):
        text += f": {short(Money(amount, currency))}"
    if to := event.detail.get("to"):
        text += f", redirected to {to}"
    named = event.object_kind in NAMED and event.action not in UNNAMED
    who = _who(event, names) if named else ""
    reason = f": “{event.detail.get('reason', '')}”" if event.action in REASONED else ""
    return (f"{text} by {who}" if who else text) + reason


def _who(event: AuditEvent, names: dict[str, str]) -> str:
    """Of what takes two both are named, who proposed it first."""
    actors = [event.detail.get(PROPOSER, ""), event.actor]
    return " and ".join(name for actor in actors if (name := names.get(actor, "")))


def _names(session: Session, events: Sequence[AuditEvent]) -> dict[str, str]:
    told = [event for event in events if event.object_kind in NAMED]
    actors = {event.actor for event in told} | {event.detail.get(PROPOSER, "") for event in told}
    people = session.scalars(select(Person).where(Person.id.in_(_ids(actors, "person:"))))
    identities = session.scalars(select(Identity).where(Identity.id.in_(_ids(actors, "identity:"))))
    return {
        **CLOCKWORK,
        **{f"person:{person.id}": person.name for person in people},
        **{f"identity:{identity.id}": f"@{identity.login}" for identity in identities},
    }


def _ids(actors: Collection[str], prefix: str) -> list[int]:
    return [int(actor.removeprefix(prefix)) for actor in actors if actor.startswith(prefix)]
