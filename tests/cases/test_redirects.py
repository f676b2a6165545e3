"""Shares of people who can't be paid, sent on to a charity or to the project."""

from __future__ import annotations

from bountyhub.funding.models import Paper
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Redirect, Share
from bountyhub.payouts.operations.charities import name_project_payee, payee_of_project, record_charity
from bountyhub.payouts.operations.redirects import redirect_share
from tests.builders.world import ANA, BO
from tests.cases.hub import Hub

FUND = "Free Software Fund"


def shares(hub: Hub) -> list[str]:
    return [str(share.state) for share in hub.world.rows(Share)]


def charity(hub: Hub) -> tuple[str, int]:
    """A charity's connected account: its number, and its payee here."""
    account = hub.gateway.create_account("fund", "fund@example.org", "fund").id
    hub.stripe.control("complete_onboarding", account=account)
    hub.setting(CHARITIES={FUND: account})
    with transaction() as session:
        return account, record_charity(session, FUND, hub.gateway.read_account(account)).id


def send(hub: Hub, payee: int, name: str) -> None:
    with transaction() as session:
        redirect_share(session, hub.world.rows(Share)[0].id, payee, name, hub.world.actor(BO))
    hub.settle()


def destinations(hub: Hub) -> list[str]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return [str(each["destination"]) for each in tx.all("stripe.transfer")]


def test_redirect_to_charity(hub: Hub) -> None:
    """Redirected to a charity: who is where no money can go sends a kept share on; statements say to whom."""
    hub.connect(country="JP")
    hub.pay(5000)
    hub.merge()
    account, payee = charity(hub)
    send(hub, payee, FUND)
    assert (shares(hub), destinations(hub)) == (["paid"], [account])
    statements = [paper for paper in hub.world.rows(Paper) if str(paper.kind) == "statement"]
    assert [FUND in str(paper.content) for paper in statements] == [True]


def test_redirect_to_project(hub: Hub) -> None:
    """Redirected to the project: an account restricted after the release, its payable share goes to the project's."""
    hub.setting(FRESH_DAYS=7)
    bo, ana = hub.connect(BO), hub.connect(ANA)
    hub.pay(5000)
    hub.merge()
    hub.stripe.control("require", account=bo)
    hub.settle()
    project = hub.world.read_task().project_id
    with transaction() as session:
        name_project_payee(session, project, hub.world.actor(ANA))
    with reading() as session:
        payee = payee_of_project(session, project)
    assert payee is not None
    send(hub, payee.id, "ana/inkwell")
    hub.days(8)
    assert (shares(hub), destinations(hub)) == (["paid"], [ana])
    assert len(hub.world.rows(Redirect)) == 1


def test_redirect_to_a_charity_that_stops_receiving(hub: Hub) -> None:
    """Redirected to a charity that can't receive later: kept for it, and back with the backer in the end."""
    hub.setting(FRESH_DAYS=7)
    given = hub.pay(5000)
    hub.merge()
    account, payee = charity(hub)
    send(hub, payee, FUND)
    hub.stripe.control("reject_account", account=account)
    hub.settle()
    hub.days(30)
    hub.sweep()
    assert shares(hub) == ["kept"]
    hub.days(60)
    assert (shares(hub), hub.contribution(given.id).state) == (["returned"], "closed")
