"""/metrics: figures a monitoring server reads, for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bountyhub.bot.models import ForgePause, LostDelivery, LostState
from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.http.limits import limiter
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ledger import watch
from bountyhub.ledger.models import SelfCheck
from tests.admin.conftest import use
from tests.admin.test_desk import alarm
from tests.pages.conftest import Pages

TOKEN = "t" * 32
Sample = tuple[str, str]


def scraped(pages: Pages) -> dict[Sample, float]:
    """(name, label) → value."""
    answer = pages.stranger().get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(s.name, "".join(s.labels.values())): s.value for family in families for s in family.samples}


def status(pages: Pages, address: str = "127.0.0.1", **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    client = pages.stranger().client
    return client.get("/metrics", headers=sent, environ_base={"REMOTE_ADDR": address}).status_code


def test_the_books_the_jobs_and_the_checks_are_told(pages: Pages) -> None:
    pages.world.pay(5000)
    alarm("r1", "r2")
    with transaction() as session:
        now = clock.real_now()
        session.add(SelfCheck(name=watch.DAILY, began_at=now, ended_at=now, entries=12, problems=2))
        for job in session.query(OutboxJob):
            job.finished_at = now
        outbox.add(session, "events.purge")
        session.flush()
        session.query(OutboxJob).filter(OutboxJob.finished_at.is_(None)).one().last_error = "ValueError: x"
    found = scraped(pages)
    assert found["bountyhub_alarms_open", "refund_pending"] == 2
    assert found["bountyhub_ledger_held", "EUR"] == 50.0
    assert found["bountyhub_ledger_owed", "EUR"] == 52.75
    assert (found["bountyhub_ledger_clearing", "EUR"], found["bountyhub_ledger_own_funds", "EUR"]) == (551.71, 498.96)
    assert found["bountyhub_ledger_entries", ""] >= 3
    assert 0 <= found["bountyhub_self_check_age_seconds", "daily"] < 60
    assert found["bountyhub_self_check_problems", "daily"] == 2
    assert 0 <= found["bountyhub_outbox_due_seconds", ""] < 60
    assert found["bountyhub_outbox_failed_jobs", ""] == 1


def test_without_a_token_only_this_machine_reads_it(pages: Pages) -> None:
    assert status(pages) == 200
    assert status(pages, "::1") == 200
    assert status(pages, "192.0.2.7") == 404


@pytest.mark.parametrize("header", ["X_Forwarded_For", "X_Real_IP", "Forwarded", "Via"])
def test_what_a_proxy_on_this_machine_hands_on_is_not_from_this_machine(pages: Pages, header: str) -> None:
    assert status(pages, **{header: "127.0.0.1"}) == 404


def test_lost_deliveries_and_pauses_are_told(pages: Pages) -> None:
    until = clock.real_now() + timedelta(minutes=9)
    with transaction() as session:
        session.add(ForgePause(whose="installation:7", until=until))
        for number, state in enumerate((LostState.WAITING, LostState.WAITING, LostState.GIVEN_UP)):
            moments = {"delivered_at": clock.real_now(), "ask_at": clock.real_now()}
            session.add(LostDelivery(guid=str(number), delivery_id=number, event="push", state=state, **moments))
    found = scraped(pages)
    counted = [found["bountyhub_forge_deliveries", state] for state in ("waiting", "came", "given_up")]
    assert counted == [2, 0, 1]
    assert 500 < found["bountyhub_forge_pause_seconds", "installation:7"] < 541


def test_without_a_token_a_public_site_shows_it_to_nobody_for_its_proxy_may_add_no_header(pages: Pages) -> None:
    use(PUBLIC_URL="https://bounties.example.org")
    assert status(pages) == 404
    use(METRICS_TOKEN=SecretStr(TOKEN))
    assert status(pages, Authorization=f"Bearer {TOKEN}") == 200


@pytest.mark.parametrize(("given", "expected"), [(f"Bearer {TOKEN}", 200), ("Bearer x", 404), (TOKEN, 404), ("", 404)])
def test_with_a_token_who_shows_it_reads_it_from_anywhere(pages: Pages, given: str, expected: int) -> None:
    use(METRICS_TOKEN=SecretStr(TOKEN))
    for address in ("127.0.0.1", "192.0.2.7"):
        assert status(pages, address, Authorization=given) == expected


def test_an_odd_token_is_refused_not_an_error(pages: Pages) -> None:
    use(METRICS_TOKEN=SecretStr(TOKEN))
    assert status(pages, Authorization="Bearer ü") == 404


def test_it_is_never_limited_and_takes_as_many_queries_however_much_there_is(pages: Pages) -> None:
    enabled: Any = limiter.enabled
    limiter.enabled = True
    try:
        assert {status(pages) for _ in range(610)} == {200}
    finally:
        limiter.enabled = enabled
    few = pages.count(pages.stranger(), "/metrics")
    alarm(*(f"r{number}" for number in range(30)))
    assert pages.count(pages.stranger(), "/metrics") == few <= 12
