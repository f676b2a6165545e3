"""What a failure of Stripe's means for the caller: wait, ask again, gone, or refused for good."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import stripe
from flask import Flask, Response, request

from bountyhub.integrations.stripe.errors import outside_error
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit import clock, faults
from bountyhub.ports.errors import OutsideError, OutsideGone, OutsideRefused, OutsideUnavailable, RetryAt
from tests.integrations.stripe.conftest import eur
from tests.sandbox.stripe.world import World, served

REFUSAL = '{"error": {"type": "%s", "code": "%s", "param": "amount", "message": "bo@example.org may not"}}'


@dataclass
class Scripted:
    """A server that answers everything the same."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str) -> Response:
        self.asked.append(dict(request.headers))
        return Response(self.body, self.status, self.headers | {"Request-Id": "req_1"})


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def gateway(scripted: Scripted) -> Iterator[StripeGateway]:
    app = Flask("scripted")
    app.add_url_rule("/<path:path>", "answer", scripted.answer, methods=["GET", "POST"])
    with served(app) as url:
        yield StripeGateway(key="sk_sandbox_1", api_base=url, webhook_secret="whsec_1")


def _refund(gateway: StripeGateway) -> None:
    gateway.create_refund("rf1", "pi_1", eur(100), "key-1")


@pytest.mark.parametrize(
    ("status", "type", "code", "error"),
    [
        (400, "invalid_request_error", "charge_already_refunded", OutsideRefused),
        (400, "invalid_request_error", "balance_insufficient", OutsideRefused),
        (400, "idempotency_error", "", OutsideRefused),
        (400, "invalid_request_error", "rate_limit", RetryAt),
        (401, "invalid_request_error", "", OutsideUnavailable),
        (402, "card_error", "card_declined", OutsideRefused),
        (403, "invalid_request_error", "account_invalid", OutsideGone),
        (403, "invalid_request_error", "", OutsideRefused),
        (404, "invalid_request_error", "resource_missing", OutsideGone),
        (409, "idempotency_error", "idempotency_key_in_use", OutsideUnavailable),
        (429, "invalid_request_error", "rate_limit", RetryAt),
        (429, "invalid_request_error", "lock_timeout", RetryAt),
        (500, "api_error", "", OutsideUnavailable),
        (503, "api_error", "", OutsideUnavailable),
    ],
)
def test_a_refusal_says_what_to_do(
    scripted: Scripted, gateway: StripeGateway, status: int, type: str, code: str, error: type[OutsideError]
) -> None:
    scripted.status, scripted.body = status, REFUSAL % (type, code)
    with pytest.raises(error) as raised:
        _refund(gateway)
    assert raised.type is error
    assert f"HTTP {status}" in str(raised.value) and "req_1" in str(raised.value)


def test_the_code_comes_from_the_body_the_library_hides_it_from(scripted: Scripted, gateway: StripeGateway) -> None:
    scripted.status, scripted.body = 403, REFUSAL % ("invalid_request_error", "more_permissions_required")
    with pytest.raises(OutsideRefused) as refused:
        _refund(gateway)
    assert refused.value.code == "more_permissions_required"


def test_the_text_can_be_logged(scripted: Scripted, gateway: StripeGateway) -> None:
    scripted.status, scripted.body = 400, REFUSAL % ("invalid_request_error", "email_invalid")
    with pytest.raises(OutsideRefused) as refused:
        _refund(gateway)
    assert "example.org" not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


@pytest.mark.parametrize(("status", "body"), [(200, "<html>proxy</html>"), (502, "<html>"), (503, ""), (200, "")])
def test_an_answer_that_is_not_stripes_tells_nothing(
    scripted: Scripted, gateway: StripeGateway, status: int, body: str
) -> None:
    scripted.status, scripted.body = status, body
    with pytest.raises(OutsideUnavailable) as raised:
        _refund(gateway)
    assert raised.type is OutsideUnavailable


def test_one_request_is_one_request(scripted: Scripted, gateway: StripeGateway) -> None:
    scripted.status, scripted.body = 503, REFUSAL % ("api_error", "")
    scripted.headers["Stripe-Should-Retry"] = "true"
    with pytest.raises(OutsideUnavailable):
        _refund(gateway)
    (headers,) = scripted.asked
    assert headers["Idempotency-Key"] == "key-1"
    assert headers["Stripe-Version"] == stripe.api_version
    assert "X-Stripe-Client-Telemetry" not in headers
    assert "telemetry_id" not in headers["X-Stripe-Client-User-Agent"]


def test_a_rate_limit_is_kept_as_long_as_asked(scripted: Scripted, gateway: StripeGateway) -> None:
    scripted.status, scripted.body = 429, REFUSAL % ("invalid_request_error", "rate_limit")
    scripted.headers["Retry-After"] = "120"
    with pytest.raises(RetryAt) as limited:
        _refund(gateway)
    wait = limited.value.at - clock.real_now()
    assert timedelta(seconds=110) < wait <= timedelta(seconds=120)


@pytest.mark.parametrize(("asked", "most"), [(None, 3.0), ("soon", 3.0), ("0", 0.5), ("99999999", 3600.0)])
def test_a_rate_limit_never_waits_for_ever(asked: str | None, most: float) -> None:
    headers = {} if asked is None else {"Retry-After": asked}
    error = outside_error("x", stripe.RateLimitError("slow down", None, 429, None, headers))
    assert isinstance(error, RetryAt)
    assert clock.real_now() < error.at <= clock.real_now() + timedelta(seconds=most)


def test_a_server_that_is_away_is_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(OutsideUnavailable, match="no answer"):
        StripeGateway(key="sk_sandbox_1", api_base=url, webhook_secret="x").balance("EUR")


def test_a_wrong_key_is_not_a_verdict_on_the_request(world: World) -> None:
    gateway = StripeGateway(key="sk_sandbox_other", api_base=world.url, webhook_secret="x")
    with pytest.raises(OutsideUnavailable, match="401"):
        gateway.balance("EUR")


def test_every_call_passes_a_point_before_and_after(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(faults, "point", passed.append)
    gateway = StripeGateway(key=world.sandbox.config.stripe_key, api_base=world.url, webhook_secret="x")
    gateway.balance("EUR")
    with pytest.raises(OutsideGone):
        gateway.read_refund("re_unknown")
    list(gateway.movements())
    assert passed == [
        "call.before:stripe.balance",
        "call.after:stripe.balance",
        "call.before:stripe.read_refund",
        "call.after:stripe.read_refund",
        "call.before:stripe.movements",
        "call.after:stripe.movements",
    ]
