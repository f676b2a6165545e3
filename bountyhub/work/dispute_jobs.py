"""What is done about disputes and fraud warnings after a commit and when a day comes; registers its jobs."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events import alarms, outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.events.sweeps import each
from bountyhub.funding.models import Dispute, DisputeKind
from bountyhub.funding.operations.evidence import evidence_called, evidence_refused
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ports import gateway
from bountyhub.ports.disputes import DisputeInfo, Evidence, FraudWarning
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.work import operations
from bountyhub.work.dispute_alarms import SCOPE, found

log = logging.getLogger("bountyhub.work")
BATCH = 20_000
#: So far back the processor is asked for disputes whose webhooks were lost.
LOOKED_BACK = timedelta(days=3)


@recurring("work.sweep_fraud_warnings", every=300)
def sweep_fraud_warnings(run: Run) -> None:
    """Warned contributions whose day, or whose thirty days, are over."""
    query = select(Dispute.id).where(Dispute.kind == DisputeKind.FRAUD_WARNING, Dispute.warned)
    with reading() as session:
        warned = session.scalars(query.order_by(Dispute.id).limit(BATCH)).all()
    each(warned, _end_warning)


def _end_warning(id: int) -> None:
    with transaction() as session:
        operations.end_warning(session, id)


@recurring("work.sweep_disputes", every=3600)
def sweep_disputes(run: Run) -> None:
    """Disputes that aren't over, and new ones, as the processor says: a webhook may be lost. Then the alarms."""
    query = select(Dispute.processor_id).where(Dispute.kind == DisputeKind.DISPUTE, Dispute.ended_at.is_(None))
    since = clock.now() - LOOKED_BACK
    with reading() as session:
        going_on = set(session.scalars(query.limit(BATCH)))
    recent = {info.id: info for info in gateway().recent_disputes(since)}
    each(recent.values(), _record)
    each(sorted(going_on - set(recent)), _read)
    each(gateway().recent_fraud_warnings(since), _record_warning)
    with transaction() as session:
        outbox.add(session, "work.look_at_disputes", key="disputes")


def _read(id: str) -> None:
    _record(gateway().read_dispute(id))


def _record(info: DisputeInfo) -> None:
    """One of a payment that isn't ours is somebody else's who uses the same account."""
    try:
        with transaction() as session:
            operations.record_dispute(session, info)
    except NotFound:
        log.info("dispute %s is of no payment known here", info.id)


def _record_warning(warning: FraudWarning) -> None:
    try:
        with transaction() as session:
            operations.record_fraud_warning(session, warning)
    except NotFound:
        log.info("fraud warning %s is of no payment known here", warning.id)


@job("work.look_at_disputes", queue="sweep")
def look_at_disputes(run: Run) -> None:
    """Raise and end the alarms about disputes."""
    with transaction() as session:
        alarms.settle(session, SCOPE, found(session))
        run.done(session)


@job("work.submit_evidence", queue="money")
def submit_evidence(run: Run, dispute: int) -> None:
    """Answer a dispute, once: whoever may have been answered for before is read first."""
    with transaction() as session:
        row, before = evidence_called(session, dispute)
        if row.submitted_at is not None or row.submit_asked_at is None:
            run.done(session)
            return
        id, text, key = row.processor_id, row.evidence, row.evidence_key
    info = gateway().read_dispute(id) if before else None
    if info is None or not info.submitted:
        try:
            info = gateway().submit_evidence(id, Evidence(text), key=key)
        except (OutsideRefused, OutsideGone) as refused:
            log.error("evidence for dispute %s was refused: %s", row.ref, refused)
            _refused(run, dispute)
            return
    with transaction() as session:
        operations.record_dispute(session, info)
        run.done(session)


def _refused(run: Run, dispute: int) -> None:
    with transaction() as session:
        evidence_refused(session, dispute)
        outbox.add(session, "work.look_at_disputes", key="disputes")
        run.done(session)
