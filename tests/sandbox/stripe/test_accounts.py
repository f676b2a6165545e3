"""Connected accounts and their onboarding: by control call, and through the hosted form with a plain browser."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe.world import World

EXPRESS: Any = {"type": "express", "capabilities": {"transfers": {"requested": True}}}


def link_for(client: stripe.StripeClient, account: str) -> str:
    return client.v1.account_links.create(
        {
            "account": account,
            "type": "account_onboarding",
            "return_url": "http://app.test/back",
            "refresh_url": "http://app.test/again",
        }
    ).url


def test_a_new_account_can_do_nothing(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create(EXPRESS | {"email": "bo@example.org", "metadata": {"person": "2"}})
    assert (account.payouts_enabled, account.details_submitted, account.country) == (False, False, "DE")
    assert account.capabilities is not None and account.capabilities.transfers == "inactive"
    assert account.requirements is not None and account.requirements.currently_due
    assert client.v1.accounts.retrieve(account.id).email == "bo@example.org"
    assert [each.id for each in client.v1.accounts.list().data] == [account.id]


def test_the_controller_way_of_asking_works_too(client: stripe.StripeClient) -> None:
    controller: Any = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    account = client.v1.accounts.create(
        {"controller": controller, "country": "FR", "capabilities": {"transfers": {"requested": True}}}
    )
    assert (account.country, account.default_currency) == ("FR", "eur")
    assert account.controller is not None and account.controller.stripe_dashboard is not None
    assert account.controller.stripe_dashboard.type == "express"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        (EXPRESS | {"country": "KP"}, "country"),
        (EXPRESS | {"country": "Germany"}, "country"),
        ({"type": "express"}, "capabilities[transfers][requested]"),
        ({"capabilities": {"transfers": {"requested": True}}}, "type"),
    ],
)
def test_accounts_that_cannot_be(client: stripe.StripeClient, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.accounts.create(params)
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("ending", "payable", "submitted"),
    [("finished", True, True), ("unfinished", False, False), ("not_payable", False, True)],
)
def test_each_ending_of_onboarding(
    world: World, client: stripe.StripeClient, ending: str, payable: bool, submitted: bool
) -> None:
    account = client.v1.accounts.create(EXPRESS)
    page = requests.get(link_for(client, account.id), timeout=10)
    assert "Finish onboarding" in page.text
    left = requests.post(page.url, {"country": "FR", "ending": ending}, allow_redirects=False, timeout=10)
    assert (left.status_code, left.headers["Location"]) == (303, "http://app.test/back")
    now = client.v1.accounts.retrieve(account.id)
    assert (now.payouts_enabled, now.details_submitted, now.country) == (payable, submitted, "FR")
    told = world.heard.wait("account.updated")
    assert (told["account"], told["data"]["object"]["payouts_enabled"]) == (account.id, payable)


def test_a_country_given_at_creation_stays(world: World, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create(EXPRESS | {"country": "AT"})
    world.control("complete_onboarding", account=account.id, country="FR")
    assert client.v1.accounts.retrieve(account.id).country == "AT"


def test_a_link_opens_the_form_once(client: stripe.StripeClient) -> None:
    url = link_for(client, client.v1.accounts.create(EXPRESS).id)
    assert requests.get(url, timeout=10).status_code == 200
    again = requests.get(url, allow_redirects=False, timeout=10)
    assert again.headers["Location"] == "http://app.test/again"


def test_a_link_ends_after_five_minutes(
    world: World, client: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = link_for(client, client.v1.accounts.create(EXPRESS).id)
    later = world.sandbox.clock.real() + 301
    monkeypatch.setattr(type(world.sandbox.clock), "real", lambda clock: later)
    assert requests.get(url, allow_redirects=False, timeout=10).headers["Location"] == "http://app.test/again"


def test_a_made_up_link_leads_nowhere(world: World) -> None:
    assert requests.get(f"{world.url}/onboarding/nothing", timeout=10).status_code == 404


@pytest.mark.nonsense
def test_links_need_an_account_and_addresses(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such account"):
        link_for(client, "acct_none")
    account = client.v1.accounts.create(EXPRESS).id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.account_links.create({"account": account, "type": "account_onboarding"})
    assert refused.value.code == "parameter_missing"
    with pytest.raises(stripe.InvalidRequestError, match="account_update"):
        client.v1.account_links.create(
            {
                "account": account,
                "type": "account_update",
                "return_url": "http://a.test/",
                "refresh_url": "http://a.test/",
            }
        )
