"""Opens pages that save a card and got stuck, reads those that ended, and forgets cards of promises that are over."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Promise, PromiseState
from bountyhub.funding.operations.promises import card_forgotten, card_order, lapse_old, record_card_page
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.promises import CardPage, CardPageStatus

log = logging.getLogger("bountyhub.funding")
BATCH = 20_000
#: A page that was asked for but has no answer yet is asked for again after this.
STUCK = timedelta(seconds=30)


@recurring("funding.sweep_card_pages", every=30)
def sweep_card_pages(run: Run) -> None:
    """Pages without an answer are asked for again by the same key; open ones that ended are read."""
    over = Promise.page_id.is_(None) | (Promise.page_expires_at < clock.real_now())
    with reading() as session:
        rows = session.scalars(
            select(Promise).where(Promise.state == PromiseState.ASKED, over).order_by(Promise.id).limit(BATCH)
        ).all()
    each([row for row in rows if row.page_id is not None or clock.now() - row.created_at > STUCK], settle_page)


@recurring("funding.sweep_promises", every=300)
def sweep_promises(run: Run) -> None:
    """Promises that stood their whole time lapse."""
    due = (Promise.state == PromiseState.GIVEN) & (Promise.expires_at <= clock.now())
    with reading() as session:
        ids = session.scalars(select(Promise.id).where(due).order_by(Promise.id).limit(BATCH)).all()
    each(ids, _lapse)


def _lapse(id: int) -> None:
    with transaction() as session:
        lapse_old(session, id)


@job("funding.forget_card", queue="money")
def forget_card(run: Run, promise: int) -> None:
    """The processor forgets a card that nothing may be charged to any more."""
    with reading() as session:
        card = session.get_one(Promise, promise).card
    if card is not None:
        gateway().forget_card(card)
    with transaction() as session:
        card_forgotten(session, promise)
        run.done(session)


def settle_page(row: Promise) -> None:
    """Bring one page up to date with the processor."""
    page = _page(row)
    with transaction() as session:
        record_card_page(session, row.ref, page)


def _page(row: Promise) -> CardPage:
    try:
        if row.page_id is not None:
            return gateway().read_card_page(row.page_id)
        with reading() as session:
            order = card_order(session, row)
        return gateway().open_card_page(order, key=row.ref)
    except (OutsideGone, OutsideRefused) as error:
        log.warning("card page %s can't be used: %s", row.ref, error)
        return CardPage(id="", reference=row.ref, status=CardPageStatus.EXPIRED, url=None, card=None)
