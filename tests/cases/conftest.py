"""`hub`: a fresh world beside a running stand-in for Stripe; each test that passes leaves its line in the list."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bountyhub import ports
from bountyhub.integrations.stripe.gateway import StripeGateway
from tests.builders import begun
from tests.builders.outside import Outside
from tests.builders.world import World
from tests.cases import covered
from tests.cases.hub import Hub
from tests.sandbox.stripe.world import KEY, SECRET, running
from tests.sandbox.stripe.world import World as Stripe

PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def hub(sqlite: str, tmp_path: Path, recorded: Path, request: pytest.FixtureRequest) -> Iterator[Hub]:
    """Ends with the proof that both books agree; then the case is in the list."""
    with running(tmp_path, recorded) as stripe, covered.noting() as noted:
        made = _hub(stripe)
        yield made
        if not request.node.stash.get(PASSED, False):
            return
        made.sweep()
        made.agrees()
        covered.leave(_part(request), _name(request), noted)


def _hub(stripe: Stripe) -> Hub:
    world = World.begin(
        own_funds=0, STRIPE_API_BASE=stripe.url, STRIPE_SECRET_KEY=SecretStr(KEY),
        STRIPE_WEBHOOK_SECRET=SecretStr(SECRET),
    )  # fmt: skip
    outside = Outside()
    gateway = StripeGateway(key=KEY, api_base=stripe.url, webhook_secret=SECRET)
    ports.use(gateway=gateway, forge=outside.forge, mailer=outside.mailer)
    made = Hub(world, stripe, outside)
    store = stripe.sandbox.store
    first = begun.once("cases", lambda: _first(made))
    with store._lock:
        first.store.backup(store._connection)
    made.told = set(first.told)
    return made


@dataclass(frozen=True)
class First:
    """What a first sweep leaves at the processor, and what it had told by then."""

    store: sqlite3.Connection
    told: frozenset[str]


def _first(hub: Hub) -> First:
    """The beginning of every case: what the processor has from the start is booked."""
    hub.option(refund_seconds=0, async_seconds=0)
    hub.sweep()
    kept, store = sqlite3.connect(":memory:", check_same_thread=False), hub.stripe.sandbox.store
    with store._lock:
        store._connection.backup(kept)
    return First(kept, frozenset(hub.told))


def _part(request: pytest.FixtureRequest) -> str:
    return str(request.module.__name__).rpartition("test_")[2]


def _name(request: pytest.FixtureRequest) -> str:
    """The first line of the test's docstring, with its parameters."""
    lines = (request.function.__doc__ or "").strip().splitlines()
    assert lines, "a case says in its docstring what it shows"
    of = getattr(request.node, "callspec", None)
    return lines[0].rstrip(".") + (f" [{of.id}]" if of is not None else "")
