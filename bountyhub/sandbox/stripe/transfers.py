"""Transfers to connected accounts, and their reversals.

Transfers are found by the charge that backs them (`ref`, if any), reversals by transfer.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import balance, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError, bad_param
from bountyhub.sandbox.stripe.ids import new_id
from bountyhub.sandbox.stripe.money import require_round, shown

Doc = dict[str, Any]
KIND = "stripe.transfer"
REVERSALS = "stripe.transfer_reversal"
#: What an account paid out to its bank, by currency; nobody sees it but the stand-in.
PAID_OUT = "_paid_out"


def create(call: Call, params: Doc) -> Doc:
    """Send money to an account, out of the available balance or out of one charge."""
    if "amount" not in params:
        raise bad_param("Missing required param: amount.", "amount", "parameter_missing")
    require_round(params["amount"], params["currency"], "amount")
    _check_destination(call, params["destination"])
    charge = _source(call, params)
    if charge is None and balance.available(call, params["currency"]) < params["amount"]:
        raise _insufficient()
    transfer = _build(call, params, charge)
    booked = balance.book(
        call,
        "transfer",
        -params["amount"],
        params["currency"],
        transfer["id"],
        available_on=_available_on(call, charge),
        description=params.get("description"),
    )
    transfer |= {"balance_transaction": booked["id"]}
    records.save(call.tx, transfer, ref=charge["id"] if charge else "balance")
    call.note("transfer.created", transfer)
    return transfer


def reverse(call: Call, id: str, params: Doc) -> Doc:
    """Take back a transfer, or a part of it."""
    transfer = records.load(call.tx, "tr", id, "transfer")
    left = transfer["amount"] - transfer["amount_reversed"]
    amount: int = params.get("amount", left)
    if left == 0:
        raise ApiError(f"Transfer {id} is already fully reversed.", code="transfer_already_reversed")
    if amount > left:
        raise ApiError(
            f"Reversal amount ({shown(amount, transfer['currency'])}) is greater than unreversed amount on transfer"
            f" ({shown(left, transfer['currency'])})",
            param="amount",
        )
    if amount > _left_on(call, transfer["destination"], transfer["currency"]):
        raise ApiError(
            "The connected account does not have a sufficient available balance to reverse this transfer.",
            code="balance_insufficient",
        )
    reversal = _build_reversal(call, transfer, amount, params)
    records.save(call.tx, reversal, ref=id)
    _count(call, transfer, amount)
    return reversal


def pay_out_account(call: Call, account_id: str) -> Doc:
    """The payee's account pays everything out to their bank: nothing of it can be taken back until more comes."""
    account = records.load(call.tx, "acct", account_id, "account")
    sent = {currency: _came_to(call, account_id, currency) for currency in {each["currency"] for each in _all(call)}}
    return records.save(call.tx, account | {PAID_OUT: sent})


def _left_on(call: Call, account_id: str, currency: str) -> int:
    account = records.find(call.tx, account_id) or {}
    return _came_to(call, account_id, currency) - int(account.get(PAID_OUT, {}).get(currency, 0))


def _came_to(call: Call, account_id: str, currency: str) -> int:
    """What an account was sent, less what was taken back."""
    theirs = (each for each in _all(call) if (each["destination"], each["currency"]) == (account_id, currency))
    return sum(each["amount"] - each["amount_reversed"] for each in theirs)


def _all(call: Call) -> list[Doc]:
    return call.tx.all(KIND)


def reversals(call: Call, id: str) -> list[Doc]:
    return call.tx.all(REVERSALS, ref=id, newest_first=True)


def _count(call: Call, transfer: Doc, amount: int) -> None:
    total = transfer["amount_reversed"] + amount
    before = {"amount_reversed": transfer["amount_reversed"], "reversed": transfer["reversed"]}
    listed = [records.shown(each) for each in reversals(call, transfer["id"])]
    changed = transfer | {
        "amount_reversed": total,
        "reversed": total == transfer["amount"],
        "reversals": _list(transfer["id"], listed),
    }
    call.note("transfer.reversed", records.save(call.tx, changed), before)


def _check_destination(call: Call, id: str) -> None:
    account = records.find(call.tx, id)
    if account is None or account["object"] != "account" or account.get("_deauthorized"):
        raise ApiError(f"No such destination: '{id}'", code="resource_missing", param="destination")
    if account["capabilities"].get("transfers") != "active":
        raise ApiError(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers,"
            " crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )


def _source(call: Call, params: Doc) -> Doc | None:
    """The charge that backs the transfer, if one does: its transfers never exceed it together."""
    id = params.get("source_transaction")
    if id is None:
        return None
    charge = records.find(call.tx, id)
    if charge is None or charge["object"] != "charge":
        raise ApiError(f"No such charge: '{id}'", code="resource_missing", param="source_transaction")
    if charge["status"] != "succeeded":
        raise ApiError("The source_transaction must be a successful charge.", param="source_transaction")
    if charge["currency"] != params["currency"]:
        raise ApiError(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as the"
            f" transfer currency ({params['currency']})",
            param="currency",
        )
    _check_left(call, charge, params["amount"])
    return charge


def _check_left(call: Call, charge: Doc, amount: int) -> None:
    sent = call.tx.all(KIND, ref=charge["id"])
    used = sum(each["amount"] - each["amount_reversed"] for each in sent)
    if used + amount <= charge["amount"]:
        return
    currency = charge["currency"]
    already = (
        f" (There are already transfers using this source, amounting to a total of {shown(used, currency)}.)"
        if used
        else ""
    )
    raise ApiError(
        "Transfers using this transaction as a source must not exceed the source amount of"
        f" {shown(charge['amount'], currency)}.{already}",
        param="amount",
    )


def _available_on(call: Call, charge: Doc | None) -> int | None:
    """A transfer waits for the charge behind it; an unbooked charge tells its day when it is booked."""
    if charge is None:
        return None
    booked = records.find(call.tx, charge["balance_transaction"])
    return booked["available_on"] if booked else call.now + 7 * balance.DAY


def _insufficient() -> ApiError:
    return ApiError(
        "You have insufficient available funds in your Stripe account. Try adding funds directly to your available"
        " balance by creating Charges using the 4000000000000077 test card. See:"
        " https://stripe.com/docs/testing#available-balance",
        code="balance_insufficient",
    )


def _build(call: Call, params: Doc, charge: Doc | None) -> Doc:
    id = new_id("tr")
    return {
        "id": id,
        "object": "transfer",
        "amount": params["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": call.now,
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": params["destination"],
        "destination_payment": new_id("py"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "reversals": _list(id, []),
        "reversed": False,
        "source_transaction": charge["id"] if charge else None,
        "source_type": params.get("source_type", "card"),
        "transfer_group": params.get("transfer_group", charge["transfer_group"] if charge else None),
    }


def _build_reversal(call: Call, transfer: Doc, amount: int, params: Doc) -> Doc:
    id = new_id("trr")
    booked = balance.book(
        call, "transfer_refund", amount, transfer["currency"], id, description=params.get("description")
    )
    return {
        "id": id,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": booked["id"],
        "created": call.now,
        "currency": transfer["currency"],
        "destination_payment_refund": new_id("pyr"),
        "metadata": params.get("metadata", {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _list(id: str, data: list[Doc]) -> Doc:
    url = f"/v1/transfers/{id}/reversals"
    return {"object": "list", "data": data, "has_more": False, "url": url}
