"""The hosted checkout page: lines, total, e-mail, card; 3-D Secure; clear pages for paid and expired sessions.

Visited by payers through a session's `url`. Works without JavaScript.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.stripe import payments, records, sessions
from bountyhub.sandbox.stripe.call import Call, working
from bountyhub.sandbox.stripe.cards import BANCONTACT, CARDS, IBANS, card_for
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.ids import token
from bountyhub.sandbox.stripe.methods import METHODS
from bountyhub.sandbox.stripe.money import shown
from bountyhub.sandbox.stripe.payments import Outcome

Doc = dict[str, Any]


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pay/<id>", "pay", show)
    blueprint.add_url_rule("/pay/<id>", "pay_now", pay, methods=["POST"])
    blueprint.add_url_rule("/pay/<id>/authenticate", "authenticate", ask)
    blueprint.add_url_rule("/pay/<id>/authenticate", "authenticated", decide, methods=["POST"])
    blueprint.add_url_rule("/receipts/<id>", "receipt", receipt)


def show(id: str) -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        session = _session(call, id)
        if session is None or session["status"] != "open":
            return _closed(session)
        return _form(session, payments.last_error(call, session))


def pay(id: str) -> ResponseReturnValue:
    """Pay with the number in the form. Whoever is second sees that it is paid already, but for a double click."""
    email = request.form.get("email", "").strip() or None
    with working(current_sandbox()) as call:
        session = _session(call, id)
        if session is not None and _is_second_click(session):
            return redirect(sessions.return_address(session), code=303)
        if session is None or session["status"] != "open":
            return _closed(session)
        email = session["customer_email"] or email
        if email is None or "@" not in email:
            return _form(session, "Please type your e-mail address."), 422
        session |= {"_email": email, "_press": request.form.get("press", "")}
        records.save(call.tx, session)
        outcome = payments.pay(call, session, request.form.get("number", ""), email)
        return _after(session, outcome)


def _is_second_click(session: Doc) -> bool:
    """Whether the very form that paid was sent again; another tab has another form."""
    press = request.form.get("press", "")
    return session["status"] == "complete" and press != "" and press == session.get("_press")


def ask(id: str) -> ResponseReturnValue:
    """The bank's page."""
    with working(current_sandbox()) as call:
        session = _session(call, id)
        if session is None or session["status"] != "open":
            return _closed(session)
        if session["_card"] is None:
            return redirect(url_for("stripe.pay", id=id))
        if session["mode"] == "setup":
            return render_template("stripe/authenticate.html", id=id, total=None)
        total = shown(session["amount_total"], session["currency"])
        method = METHODS[card_for(session["_card"]).method]
        return render_template("stripe/authenticate.html", id=id, total=total, method=method)


def decide(id: str) -> ResponseReturnValue:
    """The payer's answer to the bank."""
    with working(current_sandbox()) as call:
        session = _session(call, id)
        if session is None or session["status"] != "open":
            return _closed(session)
        if session["_card"] is None:
            return redirect(url_for("stripe.pay", id=id), code=303)
        sure = request.form.get("answer") == "complete"
        number = session["_card"]
        session["_card"] = None
        records.save(call.tx, session)
        return _after(session, payments.pay(call, session, number, session["_email"], authenticated=sure))


def receipt(id: str) -> ResponseReturnValue:
    with working(current_sandbox()) as call:
        charge = records.find(call.tx, id)
        if charge is None or charge["object"] != "charge":
            return _closed(None)
        left = charge["amount"] - charge["amount_refunded"]
        return render_template(
            "stripe/receipt.html",
            charge=charge,
            paid=shown(charge["amount"], charge["currency"]),
            refunded=shown(charge["amount_refunded"], charge["currency"]) if charge["amount_refunded"] else None,
            left=shown(left, charge["currency"]),
        )


def _session(call: Call, id: str) -> Doc | None:
    try:
        return sessions.fresh(call, id)
    except ApiError:
        return None


def _after(session: Doc, outcome: Outcome) -> ResponseReturnValue:
    if outcome in (Outcome.PAID, Outcome.PENDING):
        return redirect(sessions.return_address(session), code=303)
    if outcome is Outcome.CHALLENGED:
        return redirect(url_for("stripe.authenticate", id=session["id"]), code=303)
    return redirect(url_for("stripe.pay", id=session["id"], method=request.form.get("method") or None), code=303)


def _form(session: Doc, problem: str | None) -> str:
    saves, types = session["mode"] == "setup", session["payment_method_types"]
    asked = request.form.get("method") or request.args.get("method", "")
    method = asked if asked in types else types[0]
    listed = IBANS if method == "sepa_debit" else CARDS
    return render_template(
        "stripe/save.html" if saves else "stripe/pay.html",
        methods={each: METHODS[each] for each in types},
        method=method,
        session=session,
        lines=[(line, shown(line["amount_total"], line["currency"])) for line in session["_line_items"]],
        total=None if saves else shown(session["amount_total"], session["currency"]),
        cards=listed,
        number=BANCONTACT.number if method == "bancontact" else request.args.get("card", listed[0].number),
        press=token(20),
        problem=problem,
    )


def _closed(session: Doc | None) -> ResponseReturnValue:
    """The page for a session that cannot be paid any more (or never was)."""
    state = "missing" if session is None else str(session["status"])
    status = {"missing": 404, "complete": 409, "expired": 410}[state]
    if state == "complete" and request.method == "GET":
        status = 200
    on = sessions.return_address(session) if session and state == "complete" else None
    back = session["cancel_url"] if session and state == "expired" else None
    return render_template("stripe/closed.html", state=state, on=on, back=back), status
