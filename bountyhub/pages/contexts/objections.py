"""Objections as pages show them. A backer who gives anonymously objects anonymously too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.ledger import queries as ledger
from bountyhub.pages.contexts import words
from bountyhub.pages.contexts.parts import Action
from bountyhub.pages.contexts.viewer import Viewer
from bountyhub.people.models import Identity, Person
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState, SetAside

_ANONYMOUS = "A backer"


@dataclass(frozen=True)
class ObjectionView:
    """Who objects, why, and how it ended."""

    who: str
    text: str
    at: datetime
    state: ObjectionState
    state_label: str
    by_decider: bool
    settled: str
    actions: list[Action]


def objections(session: Session, claim: Claim, viewer: Viewer) -> list[ObjectionView]:
    """A claim's objections, oldest first; two queries."""
    query = (
        select(Objection, Person.name, Identity.login)
        .outerjoin(Person, Person.id == Objection.person_id)
        .outerjoin(Identity, Identity.id == Objection.identity_id)
        .where(Objection.claim_id == claim.id)
        .order_by(Objection.id)
    )
    rows = session.execute(query).all()
    hidden = _hidden(session, [row[0].id for row in rows if not row[0].by_decider])
    return [_view(row[0], row[1] or row[2] or "", hidden, viewer) for row in rows]


def _view(objection: Objection, name: str, hidden: set[int], viewer: Viewer) -> ObjectionView:
    open_ = objection.state is ObjectionState.OPEN
    return ObjectionView(
        who=_who(objection, name, hidden), text=objection.reason, at=objection.at,
        state=objection.state, state_label=words.OBJECTION[objection.state], by_decider=objection.by_decider,
        settled=objection.settled_reason,
        actions=[Action(f"/objections/{objection.id}/withdraw", "Withdraw my objection")]
        if open_ and _is_mine(objection, viewer) else [],
    )  # fmt: skip


def _who(objection: Objection, name: str, hidden: set[int]) -> str:
    if objection.by_revert:
        return "The project’s branch"
    return _ANONYMOUS if objection.id in hidden or not name else name


def _is_mine(objection: Objection, viewer: Viewer) -> bool:
    if viewer.person_id is not None and objection.person_id == viewer.person_id:
        return True
    return objection.identity_id in viewer.identity_ids


def _hidden(session: Session, objection_ids: Sequence[int]) -> set[int]:
    """Objections of backers all of whose money there is given anonymously."""
    shown: dict[int, bool] = defaultdict(bool)
    query = select(SetAside.objection_id, Contribution.anonymous).join(
        Contribution, Contribution.id == SetAside.contribution_id
    )
    for objection_id, anonymous in session.execute(query.where(SetAside.objection_id.in_(objection_ids))):
        shown[objection_id] |= not anonymous
    return {id for id in objection_ids if not shown[id]}


def settling(claim: Claim, said: Sequence[ObjectionView], viewer: Viewer) -> list[Action]:
    """What a decider who isn't on the author side can do about open objections."""
    if not viewer.decides or viewer.on_author_side(claim):
        return []
    if not any(objection.state is ObjectionState.OPEN for objection in said):
        return []
    url, blocked = f"/claims/{claim.id}/settle", claim.state is ClaimState.BLOCKED
    refuse = "Uphold: nobody is paid" if blocked else "Uphold: their part goes back"
    return [
        Action(url, "Overrule: release the money", {"decision": "release"}, reason="Why are the objections overruled?"),
        Action(url, refuse, {"decision": "refuse"}, danger=True, reason="Why are the objections upheld?"),
    ]


def may_object(session: Session, claim: Claim, reader: Viewer) -> bool:
    """A decider, or somebody whose money was held at the merge; not twice, and nobody on the author side."""
    if claim.state not in (ClaimState.WINDOW, ClaimState.BLOCKED) or reader.person_id is None:
        return False
    if reader.on_author_side(claim) or _has_objected(session, claim, reader.person_id):
        return False
    return reader.decides or _holds(session, claim, reader.person_id)


def _has_objected(session: Session, claim: Claim, person_id: int) -> bool:
    query = select(Objection.id).where(Objection.claim_id == claim.id, Objection.person_id == person_id)
    return session.scalars(query.where(Objection.state == ObjectionState.OPEN)).first() is not None


def _holds(session: Session, claim: Claim, person_id: int) -> bool:
    query = select(Contribution.ref).where(Contribution.task_id == claim.task_id, Contribution.person_id == person_id)
    refs = list(session.scalars(query.where(Contribution.captured_at <= claim.merged_at)))
    return any(ledger.held_by_contribution(session, refs).values())


def objecting(session: Session, claim: Claim, reader: Viewer) -> list[Action]:
    """The button for who may object, where the claim's page with its form isn't open."""
    if not may_object(session, claim, reader):
        return []
    why = "Why does the merged pull request not deliver this task?"
    return [Action(f"/claims/{claim.id}/object", "Object to this claim", danger=True, reason=why)]
