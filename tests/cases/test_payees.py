"""Payees whose account changes, ends or is replaced."""

from __future__ import annotations

import re

from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Entry
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts.models import Payee, PayeeBank, Share, Transfer
from bountyhub.payouts.operations.holds import say_not_me
from bountyhub.payouts.operations.stops import end_stop
from tests.builders.world import BO, DARA
from tests.cases.hub import Hub


def state(hub: Hub) -> str:
    payee: Payee = hub.world.rows(Payee)[0]
    return str(payee.state)


def shares(hub: Hub) -> list[str]:
    return [str(share.state) for share in hub.world.rows(Share)]


def replace(hub: Hub) -> str:
    """Bo connects again, and gets another account."""
    return hub.connect(BO)


def test_deauthorised(hub: Hub) -> None:
    """Account deauthorised before the merge: kept, a new account takes the old one's place and is paid."""
    old = hub.connect()
    hub.pay(5000)
    hub.stripe.control("deauthorize", account=old)
    hub.settle()
    assert state(hub) == "gone"
    hub.merge()
    assert shares(hub) == ["kept"]
    new = replace(hub)
    hub.sweep()
    assert new != old
    assert (state(hub), shares(hub)) == ("ready", ["paid"])
    assert [each["destination"] for each in _sent(hub)] == [new]


def test_deauthorised_unheard(hub: Hub) -> None:
    """Account restricted and deauthorised, its webhook lost: the sweep finds out."""
    account = hub.connect()
    hub.stripe.control("require", account=account)
    hub.settle()
    assert state(hub) == "restricted"
    hub.stripe.control("deauthorize", account=account)
    hub.world.sweep("payouts.sweep_payees")
    assert state(hub) == "gone"


def test_more_is_asked(hub: Hub) -> None:
    """Account restricted by a later requirement: kept, and paid once it was fulfilled."""
    account = hub.connect()
    hub.stripe.control("require", account=account)
    hub.pay(5000)
    hub.settle()
    assert (state(hub), hub.world.rows(Payee)[0].requirements) == ("restricted", ["individual.verification.document"])
    hub.merge()
    assert shares(hub) == ["kept"]
    hub.stripe.control("complete_onboarding", account=account)
    hub.sweep()
    assert shares(hub) == ["paid"]


def test_asked_by_a_day(hub: Hub) -> None:
    """More is asked of an account by a day: paid meanwhile, the day is known."""
    account = hub.connect()
    hub.stripe.control("require", account=account, needed="individual.id_number", deadline=1_830_000_000)
    hub.settle()
    [payee] = hub.world.rows(Payee)
    assert (str(payee.state), payee.requirements, payee.deadline.year) == ("ready", ["individual.id_number"], 2027)
    hub.pay(5000)
    hub.merge()
    assert shares(hub) == ["paid"]


def test_rejected(hub: Hub) -> None:
    """Account rejected by the processor for good: the money goes back at the end of its life."""
    account = hub.connect()
    given = hub.pay(5000)
    hub.stripe.control("reject_account", account=account)
    hub.settle()
    hub.merge()
    assert shares(hub) == ["kept"]
    hub.days(86)
    assert (shares(hub), hub.contribution(given.id).state) == (["returned"], "closed")


def test_replaced_while_waiting(hub: Hub) -> None:
    """Account gone while a transfer waits for its day: it goes to the new account."""
    hub.setting(FRESH_DAYS=7)
    old = hub.connect()
    hub.pay(5000)
    hub.merge()
    hub.stripe.control("deauthorize", account=old)
    hub.settle()
    new = replace(hub)
    hub.days(8)
    assert (shares(hub), [each["destination"] for each in _sent(hub)]) == (["paid"], [new])


def test_replaced_waits(hub: Hub) -> None:
    """Account replaced: nothing is sent to the new one for two days, then it is paid by itself."""
    hub.setting(PAYOUT_HOLD_HOURS=48)
    old = hub.connect()
    hub.days(3)
    hub.pay(5000)
    hub.stripe.control("deauthorize", account=old)
    hub.settle()
    hub.merge()
    new = replace(hub)
    hub.sweep()
    assert (shares(hub), _sent(hub)) == (["payable"], [])
    hub.days(3)
    assert (shares(hub), [each["destination"] for each in _sent(hub)]) == (["paid"], [new])
    assert _mailed(hub, "payout-changed:") == 2


def test_bank_changed(hub: Hub) -> None:
    """Bank account changed at the processor: told by mail, the next transfer waits two days."""
    hub.setting(PAYOUT_HOLD_HOURS=48)
    account = hub.connect()
    hub.days(3)
    hub.stripe.control("change_bank", account=account)
    hub.settle()
    hub.pay(5000)
    hub.merge()
    assert (shares(hub), _mailed(hub, "payout-changed:")) == (["payable"], 2)
    hub.days(3)
    assert shares(hub) == ["paid"]


def test_bank_changed_by_somebody_else(hub: Hub) -> None:
    """Bank account changed by somebody else: its owner stops the money by the mailed link, the operator lets it go."""
    hub.setting(PAYOUT_HOLD_HOURS=48)
    account = hub.connect()
    hub.days(3)
    hub.pay(5000)
    hub.stripe.control("change_bank", account=account)
    hub.settle()
    [secret] = re.findall(r"/not-me/(\S+)", hub.outside.mailer.sent[-1].text)
    with transaction() as session:
        stop = say_not_me(session, secret)
    assert stop is not None
    hub.merge()
    hub.days(3)
    assert shares(hub) == ["payable"]
    with transaction() as session:
        end_stop(session, stop.id, "It was mended.", hub.world.actor(DARA))
    hub.settle()
    assert shares(hub) == ["paid"]


def _mailed(hub: Hub, key: str) -> int:
    return len([mail for mail in hub.world.rows(OutgoingMail) if mail.key.startswith(key)])


def _sent(hub: Hub) -> list[dict[str, str]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return tx.all("stripe.transfer")


def test_country_not_payable(hub: Hub) -> None:
    """Country not payable: said before the merge, the share is kept, and goes back at the end of its life."""
    given = hub.pay(5000)
    account = hub.connect(country="JP")
    assert (state(hub), account[:5]) == ("unpayable", "acct_")
    hub.merge()
    assert shares(hub) == ["kept"]
    hub.days(86)
    assert (shares(hub), hub.contribution(given.id).state) == (["returned"], "closed")


def test_payout_failed(hub: Hub) -> None:
    """The payee's own bank refuses what their account pays out: told once, no entry, ended by the next that arrives."""
    account = hub.connect()
    hub.pay(5000)
    hub.merge()
    entries = len(hub.world.rows(Entry))
    made = hub.stripe.control("account_payout", account=account, amount=12_000)
    hub.stripe.control("account_payout_paid", payout=made["id"])
    hub.settle()
    assert _refused(hub) is None
    hub.stripe.control("account_payout_failed", payout=made["id"], code="no_account")
    hub.settle()
    assert str(_refused(hub)) == str(Money(12_000, "EUR"))
    hub.told.clear()  # every webhook once more, in the old order
    hub.settle()
    assert (_mailed(hub, "bank-refused:"), len(hub.world.rows(Entry))) == (1, entries)
    hub.days(2)
    again = hub.stripe.control("account_payout", account=account, amount=12_000)
    hub.stripe.control("account_payout_paid", payout=again["id"])
    hub.settle()
    assert _refused(hub) is None


def test_payout_failed_unheard(hub: Hub) -> None:
    """The same while no webhook comes: found by the daily look at accounts that something was sent to, told once."""
    account = hub.connect()
    hub.pay(5000)
    hub.merge()
    made = hub.stripe.control("account_payout", account=account, amount=12_000)
    hub.stripe.control("account_payout_failed", payout=made["id"], code="no_account")
    hub.lose()
    assert _refused(hub) is None
    hub.days(1)
    assert str(_refused(hub)) == str(Money(12_000, "EUR"))
    hub.days(1)
    assert _mailed(hub, "bank-refused:") == 1


def test_the_operators_payout_fails(hub: Hub) -> None:
    """The operator's own payout fails beside a payee's: only the first is in the books."""
    account = hub.connect()
    own = hub.stripe.client.v1.payouts.create({"amount": 5000, "currency": "eur"})
    theirs = hub.stripe.control("account_payout", account=account, amount=5000)
    hub.settle()
    hub.stripe.control("fail_payout", payout=own.id)
    hub.stripe.control("account_payout_failed", payout=theirs["id"])
    hub.settle()
    kinds = [entry.kind for entry in hub.world.rows(Entry)]
    assert (kinds.count("paid_out"), kinds.count("payout_returned")) == (1, 1)
    assert _refused(hub) is not None


def _refused(hub: Hub) -> Money | None:
    rows = hub.world.rows(PayeeBank)
    return rows[0].refused if rows else None


def test_kept_after_a_part_came_back(hub: Hub) -> None:
    """A share of which one part came back and another is kept for its payee's account: that other part is paid."""
    hub.setting(FRESH_DAYS=7)
    account = hub.connect()
    first = hub.pay(5000)
    hub.days(7)
    second = hub.pay(3000)
    hub.merge()
    sent = next(each for each in hub.world.rows(Transfer) if each.contribution_id == first.id)
    hub.stripe.client.v1.transfers.reversals.create(str(sent.processor_id))
    hub.settle()
    hub.stripe.control("require", account=account)
    hub.settle()
    hub.days(7)
    hub.days(15)
    assert shares(hub) == ["kept"]
    hub.stripe.control("complete_onboarding", account=account)
    hub.settle()
    hub.sweep()
    assert hub.balances(second) == {}
    assert hub.balances(first) == {"payable": 5000}
    hub.days(86)
    assert hub.balances(first) == {}
    hub.agrees()
