"""`POST /webhooks/stripe`: check, store, answer. Everything else happens in a job, because Stripe waits for the answer.

No session and no CSRF token here (`create_app` exempts the blueprint, from request limits too): the signature is proof.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bountyhub import ports, settings
from bountyhub.events import inbox
from bountyhub.integrations.stripe.redaction import kept
from bountyhub.integrations.stripe.signature import NotAnEvent
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideRefused

blueprint = Blueprint("stripe_webhooks", __name__)
log = logging.getLogger("bountyhub.stripe")

SOURCE = "stripe"


@blueprint.post("/webhooks/stripe")
def receive() -> Response:
    """202 once the event is stored (or was before); 401 and 400 store nothing and say why without quoting it."""
    body = _body()
    if body is None:
        return _answer(413, "The body is too long.")
    try:
        event = ports.gateway().verify_webhook(body, request.headers.get("Stripe-Signature", ""))
    except NotAnEvent:
        return _answer(400, "The body is no event.")
    except OutsideRefused:
        return _answer(401, "The signature is missing, wrong or not of now.")
    with transaction() as session:
        new = inbox.receive(session, source=SOURCE, delivery_id=event.id, event=event.type, body=kept(body.decode()))
    log.info("event %s (%s) %s", event.id, event.type, "stored" if new else "known")
    return _answer(202, "Stored." if new else "Known.")


def _body() -> bytes | None:
    request.max_content_length = settings.current().MAX_BODY_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        return None


def _answer(status: int, sentence: str) -> Response:
    return Response(sentence + "\n", status, mimetype="text/plain")
