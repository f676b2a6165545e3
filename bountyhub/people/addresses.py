"""Somebody's address before it was changed: for a week it is told when the way of their money changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.people.models import Person
from bountyhub.people.rules import KEPT_BEFORE, still_known


def remember_address(person: Person, before: str) -> None:
    """Their address is being changed; of several changes within a week the first one's counts."""
    if person.email_before is None or not still_known(person.email_changed_at, clock.now()):
        person.email_before = before
    person.email_changed_at = clock.now()


def warned_address(person: Person) -> str | None:
    """Where a warning goes: the address before a change of the last seven days, else the one they have."""
    if person.email_before is not None and still_known(person.email_changed_at, clock.now()):
        return person.email_before
    return person.email


def forget_old_addresses(session: Session) -> None:
    """Those that count no more."""
    old = Person.email_before.is_not(None) & (Person.email_changed_at <= clock.now() - KEPT_BEFORE)
    for person in session.scalars(select(Person).where(old).with_for_update(key_share=True)):
        person.email_before, person.email_changed_at = None, None
