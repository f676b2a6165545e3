"""Tax data stays with the processor."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import select

from bountyhub.kit.database import Base, reading
from bountyhub.payouts.models import Payee
from tests.cases.hub import Hub

SECRETS = {
    "first_name": "Bohumila", "last_name": "Secretova", "birth_name": "Unwed", "line1": "Hidden Lane 7",
    "holder": "B Secretova", "last4": "9157", "routing": "37040044", "phone": "+4915112345678",
    "company": "Secretova Works", "fingerprint": "Fp9SecretPrint77",
}  # fmt: skip


def fill_in(hub: Hub, account: str) -> None:
    """The processor knows everything of an account's owner; numbers of tax it tells nobody."""
    with hub.stripe.sandbox.store.transaction() as tx:
        known = tx.get("stripe.account", account)
        assert known is not None
        bank = known["external_accounts"]["data"][0] | {
            "account_holder_name": SECRETS["holder"], "last4": SECRETS["last4"], "routing_number": SECRETS["routing"],
            "fingerprint": SECRETS["fingerprint"],
        }  # fmt: skip
        person = {name: SECRETS[name] for name in ("first_name", "last_name", "phone")} | {
            "id": "person_secret", "object": "person", "account": account, "created": known["created"],
            "id_number_provided": True, "maiden_name": SECRETS["birth_name"],
        }  # fmt: skip
        whole = known | {
            "individual": person
            | {"address": {"line1": SECRETS["line1"]}, "dob": {"day": 1, "month": 1, "year": 1978}},
            "company": {"name": SECRETS["company"], "tax_id_provided": True},
            "external_accounts": known["external_accounts"] | {"data": [bank]},
        }
        tx.put("stripe.account", account, whole)


def test_nothing_of_the_owner_is_kept(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of an account's owner is kept here: no name, birthday, tax id or bank number, in no table and no log."""
    caplog.set_level(logging.DEBUG)
    account = hub.connect()
    fill_in(hub, account)
    hub.stripe.control("require", account=account, needed="individual.id_number")
    hub.settle()
    hub.stripe.control("complete_onboarding", account=account)
    hub.settle()
    hub.pay(5000)
    hub.merge()
    made = hub.stripe.control("account_payout", account=account, amount=5000)
    hub.stripe.control("account_payout_failed", payout=made["id"], code="account_closed")
    hub.stripe.control("change_bank", account=account)
    hub.settle()
    hub.sweep()
    with reading() as session:
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    assert any(account in row for row in rows)  # so it was looked at
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("werkzeug")]
    for name, secret in SECRETS.items():
        word = re.compile(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])")  # four digits are in many digests
        assert not [text for text in (*rows, *ours) if word.search(text)], name
    columns = {column.name for column in Payee.__table__.columns}
    assert columns == {
        "id", "ref", "person_id", "charity", "account", "state", "country", "currency", "requirements",
        "disabled_reason", "deadline", "created_at", "ready_at", "called_at", "bank_digest", "holds_until",
    }  # fmt: skip
