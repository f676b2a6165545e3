"""What may happen to a connected account later: consent taken back, another bank account, more that is asked for.

Pressed on the dashboard or by control calls; told by `account.application.deauthorized`, `account.updated` and
`account.external_account.*`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe import account_object, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError

Doc = dict[str, Any]
APPLICATION = {"id": "ca_Sandbox00000000", "object": "application", "name": "bountyhub"}
GONE = "_deauthorized"
#: What is asked for when nothing else is named.
DOCUMENT = "individual.verification.document"


def retrieve(call: Call, given: Doc, id: str) -> Doc:
    """The account, while its owner lets the platform see it."""
    account = records.load(call.tx, "acct", id, "account")
    if account.get(GONE):
        raise ApiError(
            f"The provided key does not have access to account '{id}' (or that account does not exist). Application"
            " access may have been revoked.",
            code="account_invalid",
            status=403,
        )
    return account


def deauthorize(call: Call, id: str) -> Doc:
    """The owner takes the consent back; from then on the platform may neither look nor send."""
    account = records.load(call.tx, "acct", id, "account")
    if account.get(GONE):
        return account
    gone = records.save(call.tx, account | {GONE: True})
    call.note("account.application.deauthorized", APPLICATION, account=id)
    return gone


def reject(call: Call, id: str) -> Doc:
    """The processor refuses the account for good."""
    return _restrict(call, id, [], "rejected.fraud")


def require(call: Call, id: str, needed: str = DOCUMENT) -> Doc:
    """More is asked of an account that was payable, and until it comes nothing can be sent to it."""
    return _restrict(call, id, [needed], "requirements.past_due")


def require_by(call: Call, id: str, needed: str, deadline: int) -> Doc:
    """More is asked of an account by a day (seconds); until then it goes on as before."""
    account = records.load(call.tx, "acct", id, "account")
    wanted = account_object.requirements([needed], None) | {"current_deadline": deadline, "past_due": []}
    changed = records.save(call.tx, account | {"requirements": wanted})
    call.note("account.updated", changed, {"requirements": account["requirements"]}, account=id)
    return changed


def change_bank(call: Call, id: str) -> Doc:
    """Its owner (or whoever took the account over) names another bank account in the place of the old one."""
    account = records.load(call.tx, "acct", id, "account")
    bank = account_object.bank_account(account)
    changed = records.save(call.tx, account_object.with_bank(account, bank))
    call.note("account.external_account.created", bank, account=id)
    for old in account["external_accounts"]["data"]:
        call.note("account.external_account.deleted", old, account=id)
    call.note("account.updated", changed, {"external_accounts": account["external_accounts"]}, account=id)
    return changed


def _restrict(call: Call, id: str, due: list[str], reason: str) -> Doc:
    account = records.load(call.tx, "acct", id, "account")
    before = {name: account[name] for name in ("payouts_enabled", "requirements")}
    changed = account | {
        "capabilities": dict.fromkeys(account["capabilities"], "inactive"),
        "charges_enabled": False,
        "payouts_enabled": False,
        "requirements": account_object.requirements(due, reason),
    }
    records.save(call.tx, changed)
    call.note("account.updated", changed, before, account=id)
    return changed


def _on(body: Doc) -> str:
    if "account" not in body:
        raise ApiError("Missing field: account.")
    return str(body["account"])


def _require(call: Call, body: Doc) -> Doc:
    needed = body.get("needed", DOCUMENT)
    if "deadline" in body:
        return require_by(call, _on(body), needed, body["deadline"])
    return require(call, _on(body), needed)


CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    "deauthorize": ({"account": str}, lambda call, body: deauthorize(call, _on(body))),
    "change_bank": ({"account": str}, lambda call, body: change_bank(call, _on(body))),
    "reject_account": ({"account": str}, lambda call, body: reject(call, _on(body))),
    "require": ({"account": str, "needed": str, "deadline": int}, _require),
}
