"""`POST /webhooks/stripe`: what is stored, what isn't, and with which answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bountyhub import ports
from bountyhub import settings as app_settings
from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.integrations.stripe.gateway import StripeGateway, make_gateway
from bountyhub.integrations.stripe.signature import read_event
from bountyhub.integrations.stripe.webhooks import blueprint
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.sandbox.signing import stripe_headers
from tests.integrations.stripe.shop import settings
from tests.sandbox.stripe.world import SECRET

URL = "/webhooks/stripe"
BODY = json.dumps({"id": "evt_1", "type": "charge.updated", "data": {"object": {"id": "ch_1"}}})


@pytest.fixture
def client(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    used = settings("http://127.0.0.1:9")
    monkeypatch.setattr(app_settings, "_current", used)
    gateway: StripeGateway = make_gateway(used)
    monkeypatch.setitem(ports._parts, "gateway", gateway)
    app = Flask("webhooks")
    app.register_blueprint(blueprint)
    yield app.test_client()


def _headers(body: str = BODY, *, secret: str = SECRET, shift: int = 0) -> dict[str, str]:
    return stripe_headers(body, [secret], int(clock.real_now().timestamp()) + shift)


def _counts() -> tuple[int, int]:
    with reading() as session:
        events = session.scalars(select(func.count(InboxEvent.id))).one()
        return events, session.scalars(select(func.count(OutboxJob.id))).one()


def test_a_signed_event_is_stored_raw_with_its_job(client: FlaskClient) -> None:
    assert client.post(URL, data=BODY, headers=_headers()).status_code == 202
    with reading() as session:
        event = session.scalars(select(InboxEvent)).one()
        job = session.scalars(select(OutboxJob)).one()
    assert (event.source, event.delivery_id, event.event, event.body) == ("stripe", "evt_1", "charge.updated", BODY)
    assert event.handled_at is None
    assert (job.name, job.queue, job.args) == ("inbox.stripe", "money", {"inbox": event.id})


ACCOUNT = {
    "id": "evt_2", "type": "account.updated", "account": "acct_1", "created": 1, "data": {
        "object": {
            "id": "acct_1", "object": "account", "country": "FR", "email": "bo@secret.example",
            "metadata": {"reference": "r1", "other": "Secret"},
            "individual": {"first_name": "Secret", "dob": {"year": 1970}, "id_number": "Secret"},
            "external_accounts": {"data": [{"last4": "4242", "account_holder_name": "Secret"}]},
        },
        "previous_attributes": {"individual": {"first_name": "Secret"}},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({}, {"id": "acct_1", "object": "account", "metadata": {"reference": "r1"}}),
        (
            {"type": "account.external_account.created"},
            {"id": "acct_1", "object": "account", "metadata": {"reference": "r1"}},
        ),
        ({"type": "payout.failed"}, {"id": "acct_1", "object": "account", "metadata": {"reference": "r1"}}),
        ({"data": {"object": {"object": "balance", "id": None, "metadata": None}}}, {"object": "balance"}),
    ],
)
def test_of_an_account_only_what_leads_back_to_it_is_kept(
    client: FlaskClient, changes: dict[str, object], about: dict[str, object]
) -> None:
    body = json.dumps(ACCOUNT | changes)
    assert client.post(URL, data=body, headers=_headers(body)).status_code == 202
    with reading() as session:
        kept = session.scalars(select(InboxEvent)).one().body
    assert json.loads(kept)["data"] == {"object": about}
    assert "ecret" not in kept and "4242" not in kept
    told = read_event(body), read_event(kept)
    assert told[0] == told[1]


def test_five_times_the_same_event_is_one(client: FlaskClient) -> None:
    for _ in range(5):
        assert client.post(URL, data=BODY, headers=_headers()).status_code == 202
    assert _counts() == (1, 1)


def test_an_unknown_kind_of_event_is_stored_too(client: FlaskClient) -> None:
    body = BODY.replace("charge.updated", "something.nobody_knows")
    assert client.post(URL, data=body, headers=_headers(body)).status_code == 202
    assert _counts() == (1, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "t=1,v1=00"},
        _headers(secret="whsec_other"),
        _headers(BODY + " "),
        _headers(shift=-3600),
        _headers(shift=+3600),
    ],
    ids=["none", "empty", "made up", "another secret", "another body", "old", "of the future"],
)
def test_without_our_signature_of_now_nothing_is_stored(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(URL, data=BODY, headers=headers)
    assert answer.status_code == 401
    assert _counts() == (0, 0)
    assert "evt_1" not in answer.text and SECRET not in answer.text


@pytest.mark.parametrize("body", ["", BODY[:-20], "[]", "not json", '{"object": "event"}'])
def test_a_signed_body_that_is_no_event_is_not_stored(client: FlaskClient, body: str) -> None:
    assert client.post(URL, data=body, headers=_headers(body)).status_code == 400
    assert _counts() == (0, 0)


def test_a_truncated_body_does_not_fit_its_signature(client: FlaskClient) -> None:
    assert client.post(URL, data=BODY[:-20], headers=_headers()).status_code == 401
    assert _counts() == (0, 0)


def test_26_megabytes_are_too_many(client: FlaskClient) -> None:
    body = BODY + " " * (26 * 1024 * 1024)
    assert client.post(URL, data=body, headers=_headers(body)).status_code == 413
    assert _counts() == (0, 0)


def test_no_cookie_is_set_or_needed(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.post(URL, data=BODY, headers=_headers()).headers


def test_it_can_only_be_posted_to(client: FlaskClient) -> None:
    assert client.get(URL).status_code == 405


def test_neither_body_nor_signature_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    headers = _headers()
    client.post(URL, data=BODY, headers=headers)
    client.post(URL, data=BODY, headers={"Stripe-Signature": headers["Stripe-Signature"] + "0"})
    assert "evt_1" in caplog.text
    assert "ch_1" not in caplog.text
    assert headers["Stripe-Signature"] not in caplog.text
