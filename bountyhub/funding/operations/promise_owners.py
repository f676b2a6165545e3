"""Whose promises are: joined to a person, handed over, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Promise, PromiseState
from bountyhub.funding.operations.promises import STANDING
from bountyhub.kit.money import plain
from bountyhub.people.models import Person


def join_promises(session: Session, person: Person) -> None:
    """Promises given signed out with an address now confirmed belong to its person, as nameless as contributions."""
    query = select(Promise).where(Promise.email == person.email, Promise.person_id.is_(None))
    for row in session.scalars(query) if person.email is not None else ():
        row.person_id, row.anonymous = person.id, True


def hand_over_promises(session: Session, old: Person, new: Person) -> None:
    """Promises of somebody who turned out to be `new`."""
    for row in session.scalars(select(Promise).where(Promise.person_id == old.id)):
        row.person_id, row.anonymous = new.id, True


def promises_of(session: Session, person_id: int | None, emails: Collection[str]) -> list[Promise]:
    """A person's promises, and those given signed out with their addresses, locked."""
    theirs: ColumnElement[bool] = Promise.person_id.is_(None) & Promise.email.in_(emails)
    if person_id is not None:
        theirs |= Promise.person_id == person_id
    return list(session.scalars(select(Promise).where(theirs).order_by(Promise.id).with_for_update()))


def promises_standing(rows: Sequence[Promise]) -> list[str]:
    """Why these can't be forgotten yet, in sentences."""
    waits = [row for row in rows if row.state in (*STANDING, PromiseState.ASKED) or row.card_kept]
    sentence = "A promise of {} to task {} is not over: they can withdraw it."
    return [sentence.format(plain(row.money), row.task_id) for row in waits]


def promise_ids(rows: Sequence[Promise]) -> set[str]:
    """What the processor calls them: its webhooks about them carry these."""
    return {id for row in rows for id in (row.page_id, row.customer, row.payment_method) if id}


def forget_promises(rows: Sequence[Promise]) -> None:
    """They are from nobody any more."""
    for row in rows:
        row.person_id, row.email, row.anonymous, row.card_label, row.buyer = None, "", True, "", {}
