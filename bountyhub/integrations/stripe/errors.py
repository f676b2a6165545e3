"""What went wrong at Stripe, told by status and JSON body, in the words of `ports.errors`; used by `client`.

Not by the library's classes: they leave `.code` empty on rate limits and permissions. Texts quote no message,
which may hold an e-mail address; the request id finds it in Stripe's dashboard.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import stripe

from bountyhub.kit import clock, ids
from bountyhub.ports.errors import OutsideError, OutsideGone, OutsideRefused, OutsideUnavailable, RetryAt

LONGEST_WAIT = 3600.0
#: A wrong API key (401) is the operator's to mend, the request itself was not judged; 408 and 409: the same
#: request may still be running.
AGAIN = (401, 408, 409)
#: A connected account that is gone, or that took its consent back, answers 403 or 400 and one of these.
GONE = ("account_invalid", "account_closed")


def outside_error(call: str, error: stripe.StripeError) -> OutsideError:
    """The error to raise for a failed call named `call`."""
    status, body = error.http_status or 0, _body(error)
    code = str(body.get("code") or body.get("type") or "")
    text = _text(call, status, body, error.request_id)
    if status == 429 or code == "rate_limit":
        return RetryAt(text, clock.real_now() + timedelta(seconds=_wait(error)))
    if status < 400 or status in AGAIN or status >= 500:
        return OutsideUnavailable(text)
    if status == 404 or code in GONE:
        return OutsideGone(text)
    about = body.get("payment_intent")
    return OutsideRefused(text, code, str(about.get("id") or "") if isinstance(about, dict) else "")


def _body(error: stripe.StripeError) -> dict[str, Any]:
    body = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def _text(call: str, status: int, body: dict[str, Any], request_id: str | None) -> str:
    if not status:
        return f"stripe {call}: no answer"
    words = [f"{name}={body[name]}" for name in ("type", "code", "decline_code", "param") if body.get(name)]
    return " ".join([f"stripe {call}: HTTP {status}", *words, f"request={request_id or 'unknown'}"])


def _wait(error: stripe.StripeError) -> float:
    """Seconds Stripe asks to wait, else a few, spread so that many workers don't come back at once."""
    asked = str((error.headers or {}).get("Retry-After", ""))
    seconds = float(asked) if asked.isdigit() else 2.0 * ids.jitter()
    return min(LONGEST_WAIT, max(0.5, seconds))
