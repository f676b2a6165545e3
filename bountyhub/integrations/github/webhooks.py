"""`POST /webhooks/github`: check, store, answer. Everything else happens in a job, because GitHub waits 10 seconds.

The route carries no session and must be exempt from CSRF protection and request limits: its signature is its proof.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bountyhub import ports, settings
from bountyhub.events import inbox
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideRefused

blueprint = Blueprint("github_webhooks", __name__)

SOURCE = "github"
LONGEST_DELIVERY, LONGEST_EVENT = 200, 100


@blueprint.post("/webhooks/github")
def receive() -> Response:
    """202 once the delivery is stored (or was before); 401 stores nothing; 400 for what is no delivery."""
    body = _body()
    if body is None:
        return _answer(413, "The body is too long.")
    try:
        ports.forge().verify_webhook(body, request.headers.get("X-Hub-Signature-256", ""))
    except OutsideRefused:
        return _answer(401, "The signature is missing or wrong.")
    event, delivery = request.headers.get("X-GitHub-Event", ""), request.headers.get("X-GitHub-Delivery", "")
    if not 0 < len(event) <= LONGEST_EVENT or not 0 < len(delivery) <= LONGEST_DELIVERY:
        return _answer(400, "X-GitHub-Event or X-GitHub-Delivery is missing.")
    text = _json_object(body)
    if text is None:
        return _answer(400, "The body is no JSON object.")
    with transaction() as session:
        new = inbox.receive(session, source=SOURCE, delivery_id=delivery, event=event, body=text)
    return _answer(202, "Stored." if new else "Known.")


def _body() -> bytes | None:
    request.max_content_length = settings.current().MAX_BODY_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        return None


def _json_object(body: bytes) -> str | None:
    try:
        text = body.decode()
        return text if isinstance(json.loads(text), dict) else None
    except (ValueError, RecursionError):
        return None


def _answer(status: int, sentence: str) -> Response:
    return Response(sentence + "\n", status, mimetype="text/plain")
