"""Answers that the stand-in seldom gives: fields left out, unknown words, currencies and endings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bountyhub.integrations.stripe import answers
from bountyhub.kit.money import Money
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.payments import CheckoutStatus, RefundStatus

REFUND = {"id": "re_1", "amount": 100, "currency": "eur", "created": 1_760_000_000, "status": "succeeded"}
SESSION = {"id": "cs_1", "status": "complete", "payment_status": "unpaid", "metadata": {"reference": "pay1"}}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("pending", RefundStatus.PENDING),
        ("requires_action", RefundStatus.PENDING),
        ("succeeded", RefundStatus.SUCCEEDED),
        ("failed", RefundStatus.FAILED),
        ("canceled", RefundStatus.FAILED),
        ("something_new", RefundStatus.PENDING),
        (None, RefundStatus.PENDING),
    ],
)
def test_each_word_for_a_refund(word: str | None, status: RefundStatus) -> None:
    assert answers.refund(REFUND | {"status": word}).status is status


def test_what_is_left_out_of_a_refund_is_not_there() -> None:
    result = answers.refund(REFUND)
    assert (result.reference, result.debit, result.failure) == ("", None, None)
    assert result.at == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)


def test_a_refund_is_dated_by_its_last_book_entry() -> None:
    debit = {"id": "txn_1", "created": 1_760_000_100}
    failure = {"id": "txn_2", "created": 1_760_009_999}
    assert answers.refund(REFUND | {"balance_transaction": debit}).at.timestamp() == 1_760_000_100
    both = answers.refund(REFUND | {"balance_transaction": debit, "failure_balance_transaction": failure})
    assert (both.at.timestamp(), both.debit, both.failure) == (1_760_009_999, "txn_1", "txn_2")


@pytest.mark.parametrize(
    ("intent", "status"),
    [
        ({"id": "pi_1", "status": "processing", "latest_charge": None}, CheckoutStatus.AWAITED),
        ({"id": "pi_1", "status": "requires_payment_method", "latest_charge": None}, CheckoutStatus.FAILED),
        ({"id": "pi_1", "status": "canceled", "latest_charge": None}, CheckoutStatus.FAILED),
        (None, CheckoutStatus.SETTLING),
    ],
)
def test_a_delayed_payment_settles_or_fails(intent: Any, status: CheckoutStatus) -> None:
    assert answers.checkout(SESSION | {"payment_intent": intent}).status is status


def test_what_is_paid_by_is_told_while_its_bank_decides() -> None:
    charge = {"id": "py_1", "status": "pending", "payment_method_details": {"type": "sepa_debit", "sepa_debit": {}}}
    intent = {"id": "pi_1", "status": "processing", "latest_charge": charge}
    assert answers.checkout(SESSION | {"payment_intent": intent}).method == "sepa_debit"
    assert answers.checkout(SESSION | {"payment_intent": intent, "status": "open"}).method == "", "not chosen yet"


@pytest.mark.parametrize(("expected", "at"), [("2026-11-24", datetime(2026, 11, 25, tzinfo=UTC)), (None, None)])
def test_an_account_is_debited_by_the_end_of_its_day(expected: str | None, at: datetime | None) -> None:
    entry = {"id": "txn_1", "amount": 100, "fee": 3, "currency": "eur", "created": 1, "available_on": 1}
    details = {"type": "sepa_debit", "sepa_debit": {"fingerprint": "f1", "expected_debit_date": expected}}
    charge = {"id": "py_1", "status": "succeeded", "balance_transaction": entry, "payment_method_details": details}
    capture = answers.capture_of({"id": "pi_1", "latest_charge": charge})
    assert capture is not None
    assert (capture.method, capture.card, capture.debited_at) == ("sepa_debit", "f1", at)


def test_a_failed_charge_is_no_capture() -> None:
    entry = {"id": "txn_1", "amount": 100, "fee": 3, "currency": "eur", "created": 1, "available_on": 1}
    charge = {"id": "ch_1", "status": "failed", "balance_transaction": entry}
    assert answers.capture_of({"id": "pi_1", "latest_charge": charge}) is None
    assert answers.capture_of({"id": "pi_1", "latest_charge": charge | {"status": "succeeded"}}) is not None


def test_a_payment_that_was_turned_into_another_currency_tells_both() -> None:
    entry = {"id": "txn_1", "amount": 9500, "fee": 3, "currency": "krw", "created": 1, "available_on": 1}
    charge = {"id": "ch_1", "status": "succeeded", "balance_transaction": entry, "amount": 2500, "currency": "bhd"}
    capture = answers.capture_of({"id": "pi_1", "latest_charge": charge})
    assert capture is not None
    assert (capture.received, capture.charged) == (Money(9500, "KRW"), Money(2500, "BHD"))
    same = answers.capture_of({"id": "pi_1", "latest_charge": charge | {"amount": 9500, "currency": "krw"}})
    assert same is not None and same.charged is None


def test_a_reference_is_found_without_metadata_too() -> None:
    session = {"id": "cs_1", "status": "expired", "client_reference_id": "pay1"}
    assert answers.checkout(session).reference == "pay1"
    assert answers.checkout({"id": "cs_1", "status": "expired"}).reference == ""


def test_a_currency_this_site_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(OutsideRefused, match="xau") as refused:
        answers.refund(REFUND | {"currency": "xau"})
    assert refused.value.code == "unknown_currency"


def test_an_account_needs_both_transfers_and_payouts() -> None:
    able = {"id": "acct_1", "payouts_enabled": True, "capabilities": {"transfers": "active"}}
    assert answers.account(able).can_receive
    assert not answers.account(able | {"payouts_enabled": False}).can_receive
    assert not answers.account(able | {"capabilities": {"transfers": "pending"}}).can_receive
    assert not answers.account({"id": "acct_1"}).can_receive


def test_what_is_overdue_comes_first_and_once() -> None:
    wanted = {"past_due": ["b"], "currently_due": ["a", "b"], "disabled_reason": "requirements.past_due"}
    account = answers.account({"id": "acct_1", "requirements": wanted})
    assert account.requirements == ("b", "a")
    assert account.disabled_reason == "requirements.past_due"


def test_a_fee_of_stripes_own_has_no_source() -> None:
    entry = {"id": "txn_1", "type": "stripe_fee", "amount": -100, "fee": 0, "currency": "eur", "created": 1}
    movement = answers.movement(entry | {"source": None})
    assert (movement.kind, movement.source, movement.reference) == ("stripe_fee", "", "")


def test_a_balance_without_the_currency_is_zero() -> None:
    some = {"available": [{"amount": 5, "currency": "usd"}], "pending": [{"amount": 7, "currency": "usd"}]}
    assert answers.balance(some, "EUR").amount == 0
    assert answers.balance(some, "USD").amount == 12
