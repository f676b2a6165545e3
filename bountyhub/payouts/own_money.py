"""Payees who are backers of the money they get: shown on the money page, in a release's mail and to operators.

Nothing is stopped for it: who funds a task and then does the work may be paid. But a stolen card is turned into cash
in this way, and a task can be made to look wanted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Share
from bountyhub.payouts.rules import Known, Same, everybody_may_know, same_person
from bountyhub.people.models import Identity, Person


@dataclass(frozen=True)
class OwnMoney:
    """What a share gets of a contribution that its payee made; `public`: everybody knows by whom it was made."""

    share: Share
    payee: Identity
    contribution_id: int
    money: Money
    same: Same
    public: bool


@dataclass(frozen=True)
class PaidThemselves:
    """A payee who is a backer by name: how much of all they get here is their own."""

    login: str
    own: Money
    whole: Money

    @property
    def verb(self) -> str:
        """`is paid` or `is paid partly`."""
        return "is paid partly" if self.own < self.whole else "is paid"

    def __str__(self) -> str:
        return f"@{self.login} {self.verb} with their own contribution: {plain(self.own)}."


def public_of_task(session: Session, task_id: int) -> list[PaidThemselves]:
    """What everybody may know of a task's releases, payee by payee; a fixed number of queries."""
    query = select(Share).where(Share.task_id == task_id).order_by(Share.id)
    return public_of(session, session.scalars(query).all())


def public_of(session: Session, shares: Sequence[Share]) -> list[PaidThemselves]:
    """The same for some shares of one task, each payee and currency once."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    ids: dict[tuple[str, str], int] = {}
    for each in own_money(session, shares):
        if each.public:
            key = each.payee.login, each.money.currency
            sums[key] += each.money.amount
            ids[key] = each.payee.id
    whole: dict[tuple[int, str], int] = defaultdict(int)
    for share in shares:
        whole[share.identity_id, share.currency] += share.amount
    return [
        PaidThemselves(login, Money(own, currency), Money(whole[ids[login, currency], currency], currency))
        for (login, currency), own in sorted(sums.items())
    ]


def newest_shares(session: Session, before: int, limit: int) -> list[Share]:
    """Shares of the whole site below a number (0: from the newest), newest first."""
    query = select(Share).order_by(Share.id.desc()).limit(limit)
    return list(session.scalars(query.where(Share.id < before) if before else query))


def own_money(session: Session, shares: Sequence[Share]) -> list[OwnMoney]:
    """Where payee and backer are one, share by share; at most six queries, and one for each move of money."""
    drawn = ledger.drawn_by_shares(session, [share.ref for share in shares]) if shares else {}
    if not drawn:
        return []
    query = select(Contribution).where(Contribution.ref.in_({contribution for _, contribution in drawn}))
    contributions = {row.ref: row for row in session.scalars(query)}
    payees = _payees(session, {share.identity_id for share in shares})
    backers = _backers(session, contributions.values())
    by_ref = {share.ref: share for share in shares}
    found = []
    for (share_ref, ref), amount in drawn.items():
        share, contribution = by_ref[share_ref], contributions[ref]
        identity, known = payees[share.identity_id]
        same = same_person(known, backers[contribution.id])
        if same is not None:
            public = everybody_may_know(same, anonymous=contribution.anonymous)
            money = Money(amount, share.currency)
            found.append(OwnMoney(share, identity, contribution.id, money, same, public))
    order = {share.ref: place for place, share in enumerate(shares)}
    return sorted(found, key=lambda each: (order[each.share.ref], each.contribution_id))


def _payees(session: Session, ids: Collection[int]) -> dict[int, tuple[Identity, Known]]:
    """Who they are, with the cards they paid by anywhere."""
    query = select(Identity, Person.email).outerjoin(Person, Person.id == Identity.person_id)
    rows = session.execute(query.where(Identity.id.in_(ids))).all()
    people = {identity.person_id for identity, _ in rows if identity.person_id is not None}
    used = (
        select(Contribution.person_id, Payment.card)
        .join(Payment, Payment.contribution_id == Contribution.id)
        .where(Contribution.person_id.in_(people), Payment.card.is_not(None))
        .distinct()
    )
    cards: dict[int | None, set[str]] = defaultdict(set)
    for person, card in session.execute(used):
        cards[person].add(str(card))
    return {
        identity.id: (
            identity,
            Known(
                identity.person_id, frozenset(mail.lower() for mail in (identity.email, email) if mail),
                frozenset(cards[identity.person_id]),
            ),
        )
        for identity, email in rows
    }  # fmt: skip


def _backers(session: Session, contributions: Collection[Contribution]) -> dict[int, Known]:
    origins = _origins(session, contributions)
    query = select(Payment.contribution_id, Payment.card).where(Payment.contribution_id.in_(set(origins.values())))
    cards = {contribution: str(card) for contribution, card in session.execute(query) if card}
    return {
        each.id: Known(
            each.person_id, frozenset({each.email} - {""}),
            frozenset({cards[origins[each.id]]} if origins[each.id] in cards else ()),
        )
        for each in contributions
    }  # fmt: skip


def _origins(session: Session, contributions: Collection[Contribution]) -> dict[int, int]:
    """Each contribution's id → that of the one that was paid, before it was moved."""
    origins = {each.id: each.id for each in contributions}
    before = {each.id: each.moved_from_id for each in contributions if each.moved_from_id is not None}
    while before:
        origins |= before
        query = select(Contribution.id, Contribution.moved_from_id).where(Contribution.id.in_(set(before.values())))
        earlier = {id: moved_from for id, moved_from in session.execute(query) if moved_from is not None}
        before = {id: earlier[here] for id, here in before.items() if here in earlier}
    return origins
