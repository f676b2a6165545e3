"""Connected accounts (Express) and the links through which their owners are onboarded.

The onboarding page and a control call both end in `finish`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from bountyhub.sandbox.stripe import account_object, records
from bountyhub.sandbox.stripe.account_object import CAPABILITIES, COUNTRIES, HOME
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError, bad_param
from bountyhub.sandbox.stripe.ids import new_id, token

Doc = dict[str, Any]
KIND = "stripe.account"
LINKS = "stripe.account_link"
VISITS = "stripe.onboarding"
LINK_LIFE = 300


class Ending(Enum):
    """How a person leaves the onboarding form."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"
    NOT_PAYABLE = "not_payable"


def create(call: Call, params: Doc) -> Doc:
    """An account that still has everything to fill in. Without `country` its owner chooses one at onboarding."""
    _check_kind(params)
    country = params.get("country")
    if country is not None and country not in COUNTRIES:
        raise ApiError(f"{country} is not currently supported by Stripe.", code="country_unsupported", param="country")
    asked = params.get("capabilities", {})
    wanted = {name: "inactive" for name in CAPABILITIES if asked.get(name, {}).get("requested")}
    account = account_object.build(new_id("acct"), call.now, country or HOME, wanted, params)
    records.save(call.tx, account | {"_country_open": country is None})
    return account


def create_link(call: Call, params: Doc) -> Doc:
    """A link that opens the form once, within five minutes."""
    account = records.find(call.tx, params["account"])
    if account is None:
        raise ApiError(f"No such account: '{params['account']}'", code="resource_missing", param="account")
    for name in ("refresh_url", "return_url"):
        if name not in params:
            raise bad_param(f"You must provide `{name}`.", name, "parameter_missing")
    if params["type"] != "account_onboarding":
        raise ApiError(
            "You cannot create `account_update` type Account Links for this account. Only `account_onboarding` is"
            " available for accounts with an Express dashboard.",
            param="type",
        )
    link = {"id": token(32), "account": account["id"], "expires_at": call.real + LINK_LIFE, "used": False}
    link |= {"refresh_url": params["refresh_url"], "return_url": params["return_url"]}
    call.tx.put(LINKS, link["id"], link)
    url = f"{call.url}/onboarding/{link['id']}"
    return {"object": "account_link", "created": call.now, "expires_at": link["expires_at"], "url": url}


def open_link(call: Call, id: str) -> Doc | None:
    """Use a link: None for an unknown one; a used or expired one comes back with `used` set and no form."""
    link = call.tx.get(LINKS, id)
    if link is None:
        return None
    if link["used"] or link["expires_at"] <= call.real:
        return link | {"form": None}
    form = token(32)
    call.tx.put(VISITS, form, link | {"id": form})
    call.tx.put(LINKS, id, link | {"used": True})
    return link | {"form": form}


def finish(call: Call, id: str, country: str | None, ending: Ending) -> Doc:
    """What the form changes; tells by `account.updated`. Raises ApiError for a country that does not exist here."""
    account = records.load(call.tx, "acct", id, "account")
    if country is not None and country not in COUNTRIES:
        raise ApiError(f"{country} is not currently supported by Stripe.", code="country_unsupported", param="country")
    if country is not None and account["_country_open"] and not account["details_submitted"]:
        account |= {"country": country, "default_currency": COUNTRIES[country][1]}
    before = {name: account[name] for name in ("details_submitted", "payouts_enabled", "requirements")}
    changed = account | account_object.after(account, ending.value, call.now)
    records.save(call.tx, changed)
    call.note("account.updated", changed, before, account=id)
    had = [each["id"] for each in account["external_accounts"]["data"]]
    for bank in changed["external_accounts"]["data"]:
        if bank["id"] not in had:
            call.note("account.external_account.created", bank, account=id)
    return changed


def _check_kind(params: Doc) -> None:
    """Either `type=express` or the controller that amounts to it."""
    controller = params.get("controller")
    if controller is not None and "type" in params:
        raise bad_param("You may not provide the `type` parameter and `controller` parameters simultaneously.", "type")
    dashboard = (controller or {}).get("stripe_dashboard", {}).get("type", "full")
    if params.get("type") != "express" and dashboard != "express":
        raise bad_param("Only accounts with an Express dashboard are spoken here.", "type")
    if not params.get("capabilities", {}).get("transfers", {}).get("requested"):
        raise bad_param(
            "You must request the `transfers` capability for accounts with an Express dashboard.",
            "capabilities[transfers][requested]",
        )
