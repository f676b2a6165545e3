"""`/metrics` for Prometheus: read from the database at each scrape, so that any process may answer. Not public."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.admin.queries import count_entries, self_checks
from bountyhub.bot import lost, pauses
from bountyhub.events import alarms, outbox
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import EXPONENTS
from bountyhub.ledger.queries import standings
from bountyhub.settings.addresses import LOOPBACK, is_loopback

blueprint = Blueprint("metrics", __name__)

#: A proxy in front of this process may say so: then whoever asks is not on this machine.
PROXY_HEADERS = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
#: (name, what it says) of a currency's sums, in major units.
SUMS = {
    "held": "held for tasks",
    "owed": "owed to anybody",
    "own_funds": "own funds: the operator's money at the processor",
    "clearing": "the processor's balance as booked",
}


@blueprint.get("/metrics")
def show() -> Response:
    """Everything worth an alert, as text."""
    if not _may_read():
        raise NotFound("There is no such page.")
    registry = CollectorRegistry(auto_describe=False)
    with reading() as session:
        registry.register(_FromBooks(session))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    """Whoever shows the token. Without one this machine, if no site is served from it: a proxy may add no header."""
    ours = settings.current()
    token = ours.METRICS_TOKEN.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    proxied = any(header in request.headers for header in PROXY_HEADERS)
    return is_loopback(ours.PUBLIC_URL) and request.remote_addr in LOOPBACK and not proxied


class _FromBooks(Collector):
    """Collects once, with this session; nothing is registered in the process."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterable[Metric]:
        yield _alarms(self._session)
        yield from _money(self._session)
        yield GaugeMetricFamily("bountyhub_ledger_entries", "Entries in the books.", count_entries(self._session))
        yield from _self_checks(self._session)
        backlog = outbox.backlog(self._session)
        yield GaugeMetricFamily("bountyhub_outbox_due_seconds", "Age of the oldest due job.", backlog.due_seconds)
        yield GaugeMetricFamily("bountyhub_outbox_failed_jobs", "Jobs that failed and wait.", backlog.failed)
        yield from _forge(self._session)


def _alarms(session: Session) -> Metric:
    family = GaugeMetricFamily("bountyhub_alarms_open", "Alarms that hold, by kind.", labels=["kind"])
    for kind, count in sorted(alarms.open_by_kind(session).items()):
        family.add_metric([kind], count)
    return family


def _money(session: Session) -> Iterator[Metric]:
    found = standings(session)
    for name, says in SUMS.items():
        family = GaugeMetricFamily(f"bountyhub_ledger_{name}", f"Money {says}, in major units.", labels=["currency"])
        for one in found:
            family.add_metric([one.currency], getattr(one, name) / 10 ** EXPONENTS[one.currency])
        yield family


def _self_checks(session: Session) -> Iterator[Metric]:
    age = GaugeMetricFamily("bountyhub_self_check_age_seconds", "Since the last check ended.", labels=["check"])
    problems = GaugeMetricFamily("bountyhub_self_check_problems", "What the last check found wrong.", labels=["check"])
    for one in self_checks(session):
        if one.ended_at is not None:
            age.add_metric([one.name], (clock.real_now() - one.ended_at).total_seconds())
            problems.add_metric([one.name], one.problems)
    yield from (age, problems)


def _forge(session: Session) -> Iterator[Metric]:
    """Lost deliveries by what became of them in two weeks, and pauses that GitHub asked for."""
    says = "Lost deliveries: waited for, come after all, given up."
    family = GaugeMetricFamily("bountyhub_forge_deliveries", says, labels=["state"])
    for state, count in lost.counts(session).items():
        family.add_metric([state], count)
    pause = GaugeMetricFamily("bountyhub_forge_pause_seconds", "Until GitHub may be asked again.", labels=["whose"])
    for row in pauses.holding(session):
        pause.add_metric([row.whose], (row.until - clock.real_now()).total_seconds())
    yield from (family, pause)
