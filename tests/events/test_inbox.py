"""Webhooks: stored once, handled once, run again on demand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bountyhub.events import inbox, outbox
from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound

seen: list[str] = []


@pytest.fixture(autouse=True)
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A handler that notes bodies instead of GitHub's."""
    seen.clear()

    def handle(run: Run, event: InboxEvent) -> None:
        with transaction() as session:
            run.done(session)
        seen.append(event.body)

    monkeypatch.setitem(inbox._handlers, "github", handle)
    yield


def receive(delivery: str = "d1", body: str = "{}") -> bool:
    with transaction() as session:
        return inbox.receive(session, source="github", delivery_id=delivery, event="issues.opened", body=body)


def events() -> list[InboxEvent]:
    with reading() as session:
        return list(session.query(InboxEvent).order_by(InboxEvent.id))


def run_all() -> None:
    for attempt in outbox.claim(20):
        outbox.run(attempt)


@pytest.mark.usefixtures("database")
def test_a_delivery_received_five_times_is_stored_and_handled_once() -> None:
    assert [receive() for _ in range(5)] == [True, False, False, False, False]
    run_all()
    assert (len(events()), seen) == (1, ["{}"])
    assert events()[0].handled_at is not None


@pytest.mark.usefixtures("postgresql")
def test_a_delivery_received_by_four_processes_at_once_is_stored_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: receive(), range(4))) == [False, False, False, True]
    with reading() as session:
        assert session.query(OutboxJob).count() == 1


@pytest.mark.usefixtures("sqlite")
def test_the_same_number_from_another_source_is_another_delivery() -> None:
    receive()
    with transaction() as session:
        assert inbox.receive(session, source="stripe", delivery_id="d1", event="x", body="{}")


@pytest.mark.usefixtures("database")
def test_a_stored_delivery_can_be_run_again() -> None:
    receive()
    run_all()
    with transaction() as session:
        assert inbox.replay(session, "d1").handled_at is None
    run_all()
    assert seen == ["{}", "{}"]


@pytest.mark.usefixtures("sqlite")
def test_a_delivery_handled_meanwhile_is_not_handled_again() -> None:
    receive()
    with transaction() as session:
        inbox.replay(session, "d1")
    run_all()
    assert seen == ["{}"]


@pytest.mark.usefixtures("sqlite")
def test_a_delivery_that_never_came_cannot_be_run_again() -> None:
    with pytest.raises(NotFound, match="d9"), transaction() as session:
        inbox.replay(session, "d9")


@pytest.mark.usefixtures("database")
def test_the_body_is_kept_as_it_came() -> None:
    body = '{"ключ": "värde", "n": 1e400}\n'
    receive(body=body)
    assert events()[0].body == body
