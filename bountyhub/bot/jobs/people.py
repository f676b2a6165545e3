"""Logins are renamed, and accounts deleted, without a webhook: who is named here is asked for again now and then."""

from __future__ import annotations

from datetime import timedelta

from bountyhub.events import outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import note_gone, note_identity
from bountyhub.people.queries import identities_to_read
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone

#: A login that the forge didn't name for so long is asked for.
STALE = timedelta(days=3)
#: So many in an hour, half a second apart: a small part of the hour's limit.
AN_HOUR = 500
APART = timedelta(milliseconds=500)


@recurring("forge.refresh_people", every=3600)
def refresh_people(run: Run) -> None:
    """Ask for the accounts that weren't named for the longest time."""
    with reading() as session:
        unread = identities_to_read(session, clock.now() - STALE, AN_HOUR)
    with transaction() as session:
        at = clock.real_now()
        for person in unread:
            outbox.add(session, "forge.read_person", key=f"person:{person}", run_at=at, person=person)
            at += APART
        run.done(session)


@job("forge.read_person", queue="sweep")
def read_person(run: Run, person: int) -> None:
    """Record what an account (forge id) is called now, or that it is deleted."""
    try:
        found = forge().read_person(person)
    except OutsideGone:
        found = None
    with transaction() as session:
        if found is not None and found.id == person:
            note_identity(session, found)
        else:
            note_gone(session, person)
        run.done(session)
