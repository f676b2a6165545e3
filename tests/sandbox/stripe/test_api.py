"""The API's manners: keys, errors, idempotency, expansion, lists and lost answers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests
import stripe

from bountyhub.sandbox.stripe import idempotency
from tests.sandbox.stripe.world import KEY, World

TOPUP: Any = {"amount": 100, "currency": "eur"}


def raw(world: World, method: str, path: str, form: str = "", **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-www-form-urlencoded"} | headers
    return requests.request(method, world.url + path, data=form, headers=sent, timeout=10)


def headers(answer: stripe.StripeObject) -> Any:
    assert answer.last_response is not None
    return answer.last_response.headers


def test_a_wrong_key_is_refused(world: World) -> None:
    stranger = stripe.StripeClient("sk_sandbox_other", base_addresses={"api": world.url})
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided"):
        stranger.v1.balance.retrieve()


def test_no_key_is_refused(world: World) -> None:
    answer = requests.get(f"{world.url}/v1/balance", timeout=10)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


def test_an_unknown_object_is_a_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent: 'pi_none'") as refused:
        client.v1.payment_intents.retrieve("pi_none")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    assert refused.value.request_id is not None and refused.value.request_id.startswith("req_")


@pytest.mark.nonsense
def test_an_unknown_address_is_a_404(world: World) -> None:
    answer = raw(world, "GET", "/v1/nothing")
    assert (answer.status_code, "Unrecognized request URL" in answer.text) == (404, True)
    assert raw(world, "DELETE", "/v1/accounts/acct_1").status_code == 404


def test_only_one_version_is_spoken(world: World, client: stripe.StripeClient) -> None:
    assert headers(client.v1.balance.retrieve())["Stripe-Version"] == stripe.api_version
    old = stripe.StripeClient(KEY, base_addresses={"api": world.url}, stripe_version="2020-08-27")
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        old.v1.balance.retrieve()


@pytest.mark.nonsense
@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ("currency=eur", "parameter_missing", "amount"),
        ("amount=ten&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=1.5&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=0&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=1&currency=xyz", None, "currency"),
        ("amount=1&currency=eur&description=", "parameter_invalid_empty", "description"),
        ("amount[x]=1&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=1&amount[x]=1&currency=eur", None, "amount[x]"),
        ("amount=1&currency=eur&colour=red", "parameter_unknown", "colour"),
    ],
)
def test_bad_parameters_are_named(world: World, form: str, code: str | None, param: str) -> None:
    answer = raw(world, "POST", "/v1/topups", form)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error["param"]) == (code, param)


def test_the_same_key_replays_the_first_answer(world: World, client: stripe.StripeClient) -> None:
    first = client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    again = client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    assert again.id == first.id
    assert headers(again)["Idempotent-Replayed"] == "true"
    assert headers(again)["Original-Request"] == headers(first)["Request-Id"]
    assert "Idempotent-Replayed" not in headers(first)
    assert world.available() == 50_100


def test_the_same_key_with_other_parameters_is_an_error(client: stripe.StripeClient) -> None:
    client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refused:
        client.v1.topups.create({"amount": 200, "currency": "eur"}, {"idempotency_key": "k1"})
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.accounts.create({"type": "express"}, {"idempotency_key": "k1"})


def test_a_kept_refusal_is_replayed_too(world: World, client: stripe.StripeClient) -> None:
    params: Any = {"amount": 60_000, "currency": "eur", "destination": world.payee()}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.transfers.create(params, {"idempotency_key": "t1"})
        client.v1.topups.create({"amount": 60_000, "currency": "eur"})
        assert refused.value.code == "balance_insufficient"
    assert client.v1.transfers.create(params, {"idempotency_key": "t2"}).amount == 60_000


@pytest.mark.nonsense
def test_bad_parameters_do_not_use_up_a_key(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.topups.create({"amount": 0, "currency": "eur"}, {"idempotency_key": "k1"})
    assert client.v1.topups.create(TOPUP, {"idempotency_key": "k1"}).amount == 100


def test_a_key_is_forgotten_after_a_day(
    world: World, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    later = world.sandbox.clock.real() + 86_401
    monkeypatch.setattr(type(world.sandbox.clock), "real", lambda clock: later)
    assert client.v1.topups.create(TOPUP, {"idempotency_key": "k1"}).id != first.id


def test_a_key_in_use_is_a_conflict(world: World, client: stripe.StripeClient) -> None:
    made: list[stripe.Topup] = []
    first = threading.Thread(target=lambda: made.append(client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})))
    with idempotency.alone(str(world.sandbox.config.database), "k1"):
        with pytest.raises(stripe.APIError) as refused:
            client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
        assert refused.value.http_status == 409
        assert "idempotency_key_in_use" in str(refused.value.http_body)
    first.start()
    first.join()
    assert len(made) == 1


def test_a_lost_answer_was_carried_out(world: World, client: stripe.StripeClient) -> None:
    world.control("fail_next", path="/v1/topups", fault="lost_answer")
    with pytest.raises(stripe.APIError):
        client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    assert world.available() == 50_100
    assert client.v1.topups.create(TOPUP, {"idempotency_key": "k1"}).amount == 100
    assert world.available() == 50_100


@pytest.mark.parametrize(
    ("fault", "error"), [("unavailable", stripe.APIError), ("rate_limited", stripe.RateLimitError)]
)
def test_a_refused_request_was_not(world: World, client: stripe.StripeClient, fault: str, error: type) -> None:
    world.control("fail_next", path="/v1/topups", fault=fault, times=2)
    for _ in range(2):
        with pytest.raises(error):
            client.v1.topups.create(TOPUP, {"idempotency_key": "k1"})
    assert world.available() == 50_000
    assert client.v1.topups.create(TOPUP, {"idempotency_key": "k1"}).amount == 100


def test_expansion_reaches_into_lists(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid()
    client.v1.refunds.create({"charge": charge.id})
    listed = client.v1.payment_intents.list({"expand": ["data.latest_charge.balance_transaction"]}).data[0]
    assert isinstance(listed.latest_charge, stripe.Charge)
    assert isinstance(listed.latest_charge.balance_transaction, stripe.BalanceTransaction)
    whole = client.v1.charges.retrieve(charge.id, {"expand": ["refunds", "payment_intent"]})
    assert whole.refunds is not None and whole.refunds.data[0].amount == 2500
    assert isinstance(whole.payment_intent, stripe.PaymentIntent)
    booked = client.v1.balance_transactions.retrieve(str(charge.balance_transaction), {"expand": ["source"]})
    assert isinstance(booked.source, stripe.Charge)


@pytest.mark.parametrize("path", ["colour", "amount", "source.colour", "source.a.b.c.d"])
def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient, path: str) -> None:
    first = client.v1.balance_transactions.list().data[0]
    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        client.v1.balance_transactions.retrieve(first.id, {"expand": [path]})


def test_lists_are_walked_page_by_page(client: stripe.StripeClient) -> None:
    amounts = [1000 + number for number in range(5)]
    for amount in amounts:
        client.v1.topups.create({"amount": amount, "currency": "eur"})
    walked = [topup.amount for topup in client.v1.topups.list({"limit": 2}).auto_paging_iter()]
    assert walked == [*reversed(amounts), 50_000]
    page = client.v1.topups.list({"limit": 2})
    assert page.has_more
    newer = client.v1.topups.list({"ending_before": client.v1.topups.list({"limit": 10}).data[3].id, "limit": 2})
    assert [topup.amount for topup in newer.data] == [1003, 1002]


@pytest.mark.nonsense
def test_balance_transactions_are_filtered(world: World, client: stripe.StripeClient) -> None:
    charge = world.paid()
    found = client.v1.balance_transactions.list({"source": charge.id}).data
    assert [each.type for each in found] == ["charge"]
    assert [each.type for each in client.v1.balance_transactions.list({"type": "topup"}).data] == ["topup"]
    assert client.v1.balance_transactions.list({"created": {"gt": found[0].created}}).data == []
    assert len(client.v1.balance_transactions.list({"created": {"gte": 1}}).data) == 2
    assert client.v1.balance_transactions.list({"currency": "usd"}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.balance_transactions.list({"starting_after": "txn_none"})


def test_the_first_money_is_the_platforms_own(client: stripe.StripeClient) -> None:
    booked = client.v1.balance_transactions.list().data
    assert [(each.type, each.net, each.currency) for each in booked] == [("topup", 50_000, "eur")]
    topup = client.v1.topups.list({"status": "succeeded", "amount": {"gte": 1}}).data[0]
    assert client.v1.topups.retrieve(topup.id, {"expand": ["balance_transaction"]}).amount == 50_000
