"""The mailbox over HTTP: the endpoint that takes mails, their list as JSON, and the pages to read them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from bountyhub.sandbox.context import current_sandbox
from bountyhub.sandbox.mailbox.letters import addresses, deliver, letters, problem
from bountyhub.sandbox.mailbox.text import linkified
from bountyhub.sandbox.store import Doc

blueprint = Blueprint("mailbox", __name__, url_prefix="/mailbox")

# A mail may style itself but runs nothing and loads nothing but pictures; its links leave the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; base-uri 'self'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@blueprint.app_template_filter("sandbox_time")
def sandbox_time(seconds: int) -> str:
    """Unix seconds as a short UTC date and time, for any sandbox page."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M UTC")


@blueprint.post("/messages")
def receive() -> ResponseReturnValue:
    body = request.get_json(silent=True)
    wrong = problem(body)
    if wrong is not None or body is None:
        return jsonify(error=wrong), 400
    sandbox = current_sandbox()
    with sandbox.store.transaction() as tx:
        mail, new = deliver(tx, body, sandbox.clock.now())
    return jsonify(id=mail["id"]), 201 if new else 200


@blueprint.get("/messages.json")
def as_json() -> ResponseReturnValue:
    with current_sandbox().store.transaction() as tx:
        return jsonify(messages=letters(tx, request.args.get("to")))


@blueprint.get("/")
def index() -> str:
    with current_sandbox().store.transaction() as tx:
        return render_template("mailbox/index.html", addresses=addresses(tx))


@blueprint.get("/<address>")
def of_address(address: str) -> str:
    with current_sandbox().store.transaction() as tx:
        return render_template("mailbox/address.html", address=address, mails=letters(tx, address))


@blueprint.get("/messages/<id>")
def message(id: str) -> str:
    mail = _mail(id)
    as_html = mail["html"] is not None and request.args.get("view") != "text"
    return render_template("mailbox/message.html", mail=mail, as_html=as_html, text=linkified(mail["text"]))


@blueprint.get("/messages/<id>/html")
def html(id: str) -> Response:
    """The mail's own HTML, for the sandboxed frame of its page."""
    body = _mail(id)["html"]
    if body is None:
        abort(404)
    head = '<!doctype html><meta charset="utf-8"><base target="_top">'
    answer = Response(head + body, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _mail(id: str) -> Doc:
    with current_sandbox().store.transaction() as tx:
        mail = tx.get("mail", id)
    if mail is None:
        abort(404)
    return mail
