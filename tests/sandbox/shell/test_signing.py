"""The sandboxes' webhook signatures are the ones the official libraries and documents accept."""

from __future__ import annotations

import hashlib
import hmac
import time

import pytest
import stripe

from bountyhub.sandbox.signing import github_headers, stripe_headers

BODY = '{"id":"evt_1","object":"event"}'


def test_stripes_library_accepts_our_signature() -> None:
    header = stripe_headers(BODY, ["whsec_play"], int(time.time()))["Stripe-Signature"]
    assert stripe.WebhookSignature.verify_header(BODY, header, "whsec_play", tolerance=300)


def test_stripes_library_refuses_it_under_another_secret() -> None:
    header = stripe_headers(BODY, ["whsec_other"], int(time.time()))["Stripe-Signature"]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(BODY, header, "whsec_play", tolerance=300)


def test_githubs_headers_name_the_event_and_sign_the_body() -> None:
    headers = github_headers({"id": "d-1", "event": "issues.opened", "body": BODY}, "secret", 7)
    assert (headers["X-GitHub-Event"], headers["X-GitHub-Delivery"]) == ("issues", "d-1")
    expected = hmac.new(b"secret", BODY.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
