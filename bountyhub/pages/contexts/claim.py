"""The page of one claim: who, state, window, objections, shares and what this reader may decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.pages.contexts import claims, words
from bountyhub.pages.contexts.activity import activity
from bountyhub.pages.contexts.claims import ClaimView
from bountyhub.pages.contexts.objections import ObjectionView, may_object, objections, settling
from bountyhub.pages.contexts.parts import Dated, TaskRow, task_row
from bountyhub.pages.contexts.payee import bank_note
from bountyhub.pages.contexts.payouts import reasons
from bountyhub.pages.contexts.redirecting import sent_on
from bountyhub.pages.contexts.viewer import viewer
from bountyhub.payouts.models import Share
from bountyhub.people.models import Identity
from bountyhub.work import listing
from bountyhub.work.models import Claim
from bountyhub.work.operations.splits import SPLITTABLE
from bountyhub.work.titles import split_of


@dataclass(frozen=True)
class ShareView:
    """One payee's part of the claim."""

    who: str
    amount: Money
    state: str
    state_label: str
    reason: str


@dataclass(frozen=True)
class ClaimPage:
    """A claim with everything that was said and decided about it."""

    claim: ClaimView
    task: TaskRow
    shares: list[ShareView]
    objections: list[ObjectionView]
    activity: list[Dated]
    may_object: bool
    may_split: bool
    merged_at: datetime | None
    bank_note: str


def find(session: Session, claim_id: int) -> Claim:
    """A claim; raises NotFound."""
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise NotFound("There is no such claim.")
    return claim


def claim_page(session: Session, claim_id: int, person_id: int | None) -> ClaimPage:
    """The page for this reader; raises NotFound."""
    claim = find(session, claim_id)
    reader = viewer(session, person_id, claim.repository_id)
    listed = listing.load(session, [claim.task_id])[0]
    found = claims.load(session, claims.with_author().where(Claim.id == claim.id), reader, listed.next_step)[0]
    view = replace(found, split=split_of(session, claim))
    mine = claim.author_id in reader.identity_ids
    said = objections(session, claim, reader)
    view.actions.extend(settling(claim, said, reader))
    return ClaimPage(
        claim=view, task=task_row(listed), shares=_shares(session, claim), objections=said,
        activity=activity(session, [("claim", [claim.id])], listed.task.currency),
        may_split=mine and claim.state in SPLITTABLE and claim.cut_at is None,
        may_object=may_object(session, claim, reader), merged_at=claim.merged_at,
        bank_note=bank_note(session, reader.person_id) if mine and reader.person_id else "",
    )  # fmt: skip


def _shares(session: Session, claim: Claim) -> list[ShareView]:
    query = select(Share, Identity.login).join(Identity, Identity.id == Share.identity_id)
    rows = session.execute(query.where(Share.claim_id == claim.id).order_by(Share.id)).all()
    why, names = reasons(session, [share for share, _ in rows]), sent_on(session, [share.id for share, _ in rows])
    return [
        ShareView(
            _who(login, names.get(share.id, "")), share.money, share.state.value, words.SHARE[share.state],
            why[share.id],
        )
        for share, login in rows
    ]  # fmt: skip


def _who(login: str, sent_on_to: str) -> str:
    return f"{sent_on_to}, redirected by @{login}" if sent_on_to else f"@{login}"
