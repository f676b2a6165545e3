"""The hosted onboarding form of a connected account: country, and three ways to leave it.

An account link opens it once; used or expired links lead to `refresh_url`, the form back to `return_url`.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import accounts, records
from bountyhub.sandbox.stripe.account_object import COUNTRIES
from bountyhub.sandbox.stripe.accounts import Ending
from bountyhub.sandbox.stripe.call import working
from bountyhub.sandbox.stripe.errors import ApiError


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/onboarding/<token>", "onboarding", arrive)
    blueprint.add_url_rule("/onboarding/form/<form>", "onboarding_form", show)
    blueprint.add_url_rule("/onboarding/form/<form>", "onboarding_leave", leave, methods=["POST"])


def arrive(token: str) -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        link = accounts.open_link(call, token)
        if link is None:
            return render_template("stripe/closed.html", state="missing", on=None, back=None), 404
        if link["form"] is None:
            return redirect(link["refresh_url"], code=303)
        return redirect(url_for("stripe.onboarding_form", form=link["form"]), code=303)


def show(form: str) -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        visit = call.tx.get(accounts.VISITS, form)
        if visit is None:
            return render_template("stripe/closed.html", state="missing", on=None, back=None), 404
        account = records.load(call.tx, "acct", visit["account"])
        choosable = account["_country_open"] and not account["details_submitted"]
        listed = COUNTRIES if choosable else {account["country"]: COUNTRIES[account["country"]]}
        return render_template("stripe/onboarding.html", form=form, account=account, countries=listed)


def leave(form: str) -> ResponseReturnValue:
    """Finish, leave unfinished, or turn out not to be payable; then back to the application."""
    with working(current_sandbox()) as call:
        visit = call.tx.get(accounts.VISITS, form)
        if visit is None:
            return render_template("stripe/closed.html", state="missing", on=None, back=None), 404
        try:
            ending = Ending(request.form.get("ending", ""))
            accounts.finish(call, visit["account"], request.form.get("country"), ending)
        except (ValueError, ApiError):
            return redirect(url_for("stripe.onboarding_form", form=form), code=303)
        return redirect(visit["return_url"], code=303)
