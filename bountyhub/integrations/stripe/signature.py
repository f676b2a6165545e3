"""Stripe's webhooks checked and read: signature, age, what they speak of; for `gateway` and `handlers`.

Bodies and secrets are never logged nor put into an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

import stripe

from bountyhub.integrations.stripe.answers import id_of, reference_of
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.payments import WebhookEvent

TOLERANCE_SECONDS = 300
NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)


class BadSignature(OutsideRefused):
    """Not signed with our secret, or not now."""


class NotAnEvent(OutsideRefused):
    """Signed, but no event can be read from it."""


def verify(body: bytes, header: str, secrets: Collection[str]) -> WebhookEvent:
    """The event in a body signed with one of these secrets within five minutes of now.

    Each endpoint has its own, and while one is rolled it has two. Raises BadSignature or NotAnEvent.
    """
    if not any(_is_signed(body, header, secret) for secret in secrets):
        raise BadSignature("stripe webhook: signature missing, wrong or too old", "bad_signature")
    # The library has no bound on this side: a captured body signed for next year would stay good until then.
    if _signed_at(header) > clock.real_now().timestamp() + TOLERANCE_SECONDS:
        raise BadSignature("stripe webhook: signed in the future", "bad_signature")
    return read_event(body)


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, ValueError):
        return False


def _signed_at(header: str) -> int:
    """The moment in a header that the library has already accepted; it takes the first one, as we do."""
    return next(int(item.split("=", 2)[1]) for item in header.split(",") if item.split("=", 2)[0] == "t")


def read_event(body: bytes | str) -> WebhookEvent:
    """An event that was verified before (also a stored one); raises NotAnEvent."""
    try:
        event: Any = json.loads(body)
        about: Any = event["data"]["object"]
        return WebhookEvent(
            id=_name(event["id"]),
            type=_name(event["type"]),
            object_id=str(about.get("id") or ""),  # a balance has none
            references=_references(event, about),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotAnEvent("stripe webhook: not an event", "not_an_event") from None


def _name(value: object) -> str:
    """An id or a type, short and plain enough for our columns."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("not a name")
    return value


def _references(event: dict[str, Any], about: dict[str, Any]) -> dict[str, str]:
    """What else the event names: our reference, the payment behind its object, the account it came from."""
    named = {name: id_of(about.get(name)) for name in ("object", "payment_intent", "charge")}
    named |= {"reference": reference_of(about), "account": id_of(event.get("account"))}
    return {name: value for name, value in named.items() if value}
