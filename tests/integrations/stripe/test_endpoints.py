"""This instance's endpoints at Stripe: made once, looked at, mended, rotated without losing an event."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from pydantic import SecretStr

from bountyhub.cli import stripe_webhook
from bountyhub.integrations.stripe.endpoints import PURPOSES, Endpoints, faults, wanted
from bountyhub.integrations.stripe.gateway import make_gateway
from bountyhub.integrations.stripe.routes import ROUTES
from bountyhub.settings import Settings
from tests.builders.settings import play_settings
from tests.sandbox.stripe.world import KEY, World


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An instance at whose address the test listens."""
    made = play_settings(
        STRIPE_API_BASE=world.url, STRIPE_SECRET_KEY=SecretStr(KEY), PUBLIC_URL=world.sandbox.config.app_url
    )
    monkeypatch.setattr(stripe_webhook, "settings_here", lambda: made)
    world.heard.wait("topup.succeeded")
    return made


def secrets_in(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith("whsec_")]


def test_created_once_for_exactly_what_is_handled(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert stripe_webhook.run("check") == 1
    assert "there is no platform endpoint" in capsys.readouterr().out
    assert stripe_webhook.run("create") == 0
    assert len(secrets_in(capsys.readouterr().out)) == 2
    assert stripe_webhook.run("create") == 0
    assert secrets_in(capsys.readouterr().out) == []
    found = Endpoints(here).ours()
    assert {each.purpose for each in found} == set(PURPOSES)
    assert {each.api_version for each in found} == {stripe.api_version}
    assert [each.events for each in found if each.purpose == "platform"] == [frozenset(ROUTES)]


def test_what_is_handled_is_known_to_stripe() -> None:
    """The library's own list of events, from Stripe's description."""
    source = stripe.params.WebhookEndpointCreateParams.__annotations__["enabled_events"]
    for event in wanted("platform"):
        assert f'"{event}"' in str(source) or f"'{event}'" in str(source), event


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"disabled": True}, "is switched off"),
        ({"enabled_events": ["charge.updated"]}, "does not hear account."),
        ({"enabled_events": [*ROUTES, "charge.captured"]}, "hears charge.captured, which nobody handles"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_mended(
    here: Settings, world: World, change: Any, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stripe_webhook.run("create")
    (platform,) = [each for each in Endpoints(here).ours() if each.purpose == "platform"]
    world.client.v1.webhook_endpoints.update(platform.id, change)
    assert stripe_webhook.run("check") == 1
    assert told in capsys.readouterr().out
    assert stripe_webhook.run("create") == 0


def test_another_version_and_one_made_by_hand_are_told(here: Settings, world: World) -> None:
    url = f"{here.PUBLIC_URL}/webhooks/stripe"
    world.client.v1.webhook_endpoints.create(
        {"url": url, "enabled_events": ["*"], "metadata": {"bountyhub": "platform"}}
    )
    world.client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    world.client.v1.webhook_endpoints.create({"url": "http://other.test/", "enabled_events": ["*"]})
    told = faults(Endpoints(here).ours())
    assert any("speaks the account’s own version" in fault for fault in told)
    assert any("was made by hand" in fault for fault in told)
    assert len(Endpoints(here).ours()) == 2


def test_a_rotation_with_both_secrets_believed(
    here: Settings, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    stripe_webhook.run("create")
    old = secrets_in(capsys.readouterr().out)
    assert stripe_webhook.run("rotate") == 0
    new = secrets_in(capsys.readouterr().out)
    assert stripe_webhook.run("rotate") == 1
    assert stripe_webhook.run("check") == 1
    both = make_gateway(here.model_copy(update={"STRIPE_WEBHOOK_SECRET": SecretStr(",".join(old + new))}))
    world.heard.requests.clear()
    world.client.v1.topups.create({"amount": 100, "currency": "eur"})
    world.heard.wait("topup.succeeded", 2)
    heard = world.heard.requests
    assert len({both.verify_webhook(body.encode(), told["Stripe-Signature"]).id for told, body in heard}) == 1
    assert stripe_webhook.run("retire") == 0
    assert secrets_in(capsys.readouterr().out) == []
    assert len(Endpoints(here).ours()) == 2
    world.heard.requests.clear()
    world.client.v1.topups.create({"amount": 100, "currency": "eur"})
    world.heard.wait("topup.succeeded")
    only_new = make_gateway(here.model_copy(update={"STRIPE_WEBHOOK_SECRET": SecretStr(",".join(new))}))
    headers, body = world.heard.requests[-1]
    assert only_new.verify_webhook(body.encode(), headers["Stripe-Signature"]).type == "topup.succeeded"


def test_stripe_away(here: Settings, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.control("fail_next", path="/v1/webhook_endpoints", fault="unavailable", method="GET")
    assert stripe_webhook.run("check") == 2
    assert "did not answer" in capsys.readouterr().err
