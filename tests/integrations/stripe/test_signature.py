"""Webhooks are believed only when signed with our secret, now; nothing else of them is ever shown."""

from __future__ import annotations

import json

import pytest

from bountyhub.integrations.stripe.signature import BadSignature, NotAnEvent, read_event, verify
from bountyhub.kit import clock
from bountyhub.ports.payments import WebhookEvent
from bountyhub.sandbox.signing import stripe_headers

SECRET = "whsec_ours"
REFUND = {
    "id": "re_1", "object": "refund", "charge": "ch_1", "payment_intent": {"id": "pi_1"},
    "metadata": {"reference": "rf1"},
}  # fmt: skip
BODY = json.dumps({"id": "evt_1", "object": "event", "type": "refund.updated", "data": {"object": REFUND}})


def _signed(body: str = BODY, *, secret: str = SECRET, shift: int = 0) -> str:
    at = int(clock.real_now().timestamp()) + shift
    return stripe_headers(body, [secret], at)["Stripe-Signature"]


def test_a_signed_event_says_what_it_speaks_of() -> None:
    assert verify(BODY.encode(), _signed(), [SECRET]) == WebhookEvent(
        id="evt_1",
        type="refund.updated",
        object_id="re_1",
        references={"object": "refund", "charge": "ch_1", "payment_intent": "pi_1", "reference": "rf1"},
    )


@pytest.mark.parametrize("shift", [-299, -60, 0, 60, 299])
def test_five_minutes_either_way_are_now(shift: int) -> None:
    assert verify(BODY.encode(), _signed(shift=shift), [SECRET]).id == "evt_1"


@pytest.mark.parametrize("shift", [-302, -86400, 302, 86400, 10**9])
def test_anything_else_is_not_now(shift: int) -> None:
    with pytest.raises(BadSignature):
        verify(BODY.encode(), _signed(shift=shift), [SECRET])


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=abc", "t=now,v1=abc", "t=1", "garbage", "t=1,v1=", "t=-1,v1=abc", ",,,", "t=1=2=3,v1=a", "\x00"],
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY.encode(), header, [SECRET])


def test_another_secret_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(BODY.encode(), _signed(secret="whsec_other"), [SECRET])


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(BODY.replace("rf1", "rf2").encode(), _signed(), [SECRET])


def test_one_good_signature_among_several_is_enough() -> None:
    good, bad = _signed(), _signed(secret="whsec_old").split("v1=")[1]
    assert verify(BODY.encode(), f"{good},v1={bad}", [SECRET]).id == "evt_1"
    stamp, signature = good.split(",")
    assert verify(BODY.encode(), f"{stamp},v0=x,v1={bad},{signature}", [SECRET]).id == "evt_1"


def test_a_second_timestamp_can_not_hide_the_first() -> None:
    future = _signed(shift=10**6)
    now = int(clock.real_now().timestamp())
    for header in (f"{future},t={now}", f"t={now},{future}"):
        with pytest.raises(BadSignature):
            verify(BODY.encode(), header, [SECRET])


@pytest.mark.parametrize("secret", ["", "  "])
def test_without_a_secret_nothing_is_believed(secret: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY.encode(), _signed(secret=secret), secret)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadSignature):
        verify(b"\xff\xfe\x00", _signed(), [SECRET])


@pytest.mark.parametrize(
    "body",
    [
        "",
        BODY[:-10],
        "[]",
        "1",
        "null",
        "{}",
        '{"id":"a b","type":"t","data":{"object":{}}}',
        '{"id": 1}',
        '{"id":"e","type":"t","data":{"object":1}}',
        "[" * 100_000,
    ],
)
def test_a_signed_text_that_is_no_event_is_not_one(body: str) -> None:
    with pytest.raises(NotAnEvent):
        verify(body.encode(), _signed(body), [SECRET])


def test_a_stored_event_reads_the_same() -> None:
    assert read_event(BODY) == verify(BODY.encode(), _signed(), [SECRET])


def test_an_object_without_an_id_is_fine() -> None:
    body = json.dumps({"id": "evt_2", "type": "balance.available", "data": {"object": {"object": "balance"}}})
    assert read_event(body) == WebhookEvent("evt_2", "balance.available", "", {"object": "balance"})


def test_no_error_shows_body_or_secret() -> None:
    with pytest.raises(BadSignature) as unsigned:
        verify(BODY.encode(), "t=1,v1=x", [SECRET])
    with pytest.raises(NotAnEvent) as unread:
        read_event(BODY[:50])
    for error in (unsigned.value, unread.value):
        assert "evt_1" not in repr(error) and SECRET not in repr(error)
        assert error.__context__ is None or error.__suppress_context__


def test_any_of_several_secrets_is_believed() -> None:
    for secret in ("whsec_platform", "whsec_connect"):
        assert verify(BODY.encode(), _signed(secret=secret), ["whsec_platform", "whsec_connect"]).id == "evt_1"
    with pytest.raises(BadSignature):
        verify(BODY.encode(), _signed(secret="whsec_third"), ["whsec_platform", "whsec_connect"])
    with pytest.raises(BadSignature):
        verify(BODY.encode(), _signed(), [])


def test_of_several_signatures_one_is_enough() -> None:
    at = int(clock.real_now().timestamp())
    header = stripe_headers(BODY, ["whsec_new", SECRET], at)["Stripe-Signature"]
    assert header.count("v1=") == 2
    assert verify(BODY.encode(), header, [SECRET]).id == "evt_1"
    assert verify(BODY.encode(), header, ["whsec_new"]).id == "evt_1"
