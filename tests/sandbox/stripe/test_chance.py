"""Faults by chance: the same seed strikes the same things; each kind is counted and does what it says."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from bountyhub.sandbox.stripe import chance
from bountyhub.sandbox.stripe.faults import FAULTS, TAKES_EFFECT
from bountyhub.sandbox.stripe.options import Options
from tests.sandbox.stripe.world import World

TOP_UP: Any = {"amount": 100, "currency": "eur"}


def draws(world: World, seed: int, many: int = 200) -> list[str | None]:
    options = Options(fault_seed=seed, rate_lost_answer=100, rate_rate_limited=100)
    with world.sandbox.store.transaction() as tx:
        return [chance.drawn(tx, options, f"test{seed}", FAULTS) for _ in range(many)]


def test_a_seed_draws_the_same_in_every_store(world: World) -> None:
    first = draws(world, 7)
    with world.sandbox.store.transaction() as tx:
        tx._connection.execute("DELETE FROM counter WHERE name LIKE 'stripe.chance.7.%'")
    assert draws(world, 7) == first
    assert draws(world, 8) != first
    assert {None, "lost_answer", "rate_limited"} == set(first)


def test_rates_are_kept_about(world: World) -> None:
    found = draws(world, 3, 2000)
    assert 140 < found.count("lost_answer") < 260
    assert 140 < found.count("rate_limited") < 260


def test_without_rates_nothing_is_drawn_or_counted(world: World, client: stripe.StripeClient) -> None:
    client.v1.topups.create(TOP_UP)
    assert world.control("faults") == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_by_chance(world: World, client: stripe.StripeClient, fault: str) -> None:
    before = world.available()
    world.control("options", **{f"rate_{fault}": 1000})
    with pytest.raises(stripe.StripeError) as raised:
        client.v1.topups.create(TOP_UP, {"idempotency_key": "t1"})
    world.control("options", **{f"rate_{fault}": 0})
    status = {"lost_answer": 503, "unavailable": 503, "rate_limited": 429}.get(fault, 500)
    broken = fault.startswith("timeout")  # the head of an answer came, its body never did
    assert raised.value.http_status == (200 if broken else status)
    assert world.available() - before == (100 if fault in TAKES_EFFECT else 0)
    assert world.control("faults") == {fault: 1}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_key_brings_it_about_once(world: World, client: stripe.StripeClient, fault: str) -> None:
    before = world.available()
    world.control("fail_next", path="/v1/topups", fault=fault)
    with pytest.raises(stripe.StripeError):
        client.v1.topups.create(TOP_UP, {"idempotency_key": "t1"})
    if fault == "error_kept":
        with pytest.raises(stripe.APIError) as again:
            client.v1.topups.create(TOP_UP, {"idempotency_key": "t1"})
        assert again.value.http_status == 500
    else:
        client.v1.topups.create(TOP_UP, {"idempotency_key": "t1"})
    assert world.available() - before == 100


def attempts(world: World) -> list[int]:
    with world.sandbox.store.transaction() as tx:
        return [each["attempts"] for each in tx.all("delivery") if each["event"] == "topup.succeeded"]


def test_a_lost_webhook_comes_with_the_retry(world: World, client: stripe.StripeClient) -> None:
    world.heard.wait("topup.succeeded")
    world.control("options", rate_webhook_lost=1000)
    client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.succeeded", 2)
    assert world.control("faults")["webhook_lost"] == 2
    assert world.sandbox.sender.idle() or attempts(world)[-1] >= 1


def test_a_late_webhook_waits(world: World, client: stripe.StripeClient) -> None:
    world.heard.wait("topup.succeeded")
    world.control("options", delay_webhooks=True, delay_seconds=1)
    client.v1.topups.create(TOP_UP)
    with world.sandbox.store.transaction() as tx:
        assert len(tx.all("delivery", ref="waiting")) == 2
    world.heard.wait("topup.succeeded", 2)


def test_doubled_and_backwards_by_chance(world: World, client: stripe.StripeClient) -> None:
    world.heard.wait("topup.succeeded")
    world.control("options", rate_webhook_duplicated=1000, rate_webhook_reordered=1000)
    client.v1.topups.create(TOP_UP)
    world.heard.wait("topup.created", 3)
    assert world.heard.types()[2:] == ["topup.succeeded"] * 2 + ["topup.created"] * 2
    assert world.control("faults") == {"webhook_duplicated": 2, "webhook_reordered": 1}


def test_a_rate_above_all_is_refused(world: World) -> None:
    answer = requests.post(f"{world.url}/control/options", json={"rate_lost_answer": 1001}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "rate_lost_answer is in a thousand: at most 1000")


def test_the_dashboard_shows_counts_and_sets_rates(world: World, client: stripe.StripeClient) -> None:
    form = {"rate_lost_answer": "1000", "fault_seed": "5"}
    assert requests.post(f"{world.url}/dashboard/options", data=form, timeout=10).ok
    with pytest.raises(stripe.APIError):
        client.v1.balance.retrieve()
    page = requests.get(f"{world.url}/dashboard", timeout=10).text
    assert "1 so far" in page and 'name="fault_seed" value="5"' in page


def test_an_object_leads_to_others_and_tells_what_happened(world: World) -> None:
    charge = world.paid()
    page = requests.get(f"{world.url}/dashboard/object/{charge.id}", timeout=10).text
    for named in (charge.payment_intent, charge.balance_transaction):
        assert f'href="/stripe/dashboard/object/{named}"' in page
    assert "charge.succeeded" in page
    assert requests.get(f"{world.url}/dashboard/object/ch_none", timeout=10).status_code == 404
