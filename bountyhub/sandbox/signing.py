"""Makes the headers of the sandboxes' webhooks at the moment of sending: Stripe's and GitHub's signatures.

Called by the Sender; signatures carry real time, never moved time.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence

from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.deliveries import Doc, Signer


def signers(config: SandboxConfig) -> dict[str, Signer]:
    """One header maker per source, bound to the secrets of this sandbox."""

    def stripe(delivery: Doc) -> dict[str, str]:
        known = delivery.get("secrets") or [config.stripe_webhook_secret]
        return stripe_headers(delivery["body"], known, int(time.time()))

    def github(delivery: Doc) -> dict[str, str]:
        return github_headers(delivery, config.github_webhook_secret, config.github_app_id)

    return {"stripe": stripe, "github": github}


def stripe_headers(body: str, secrets: Sequence[str], timestamp: int) -> dict[str, str]:
    """`Stripe-Signature` as https://docs.stripe.com/webhooks#verify-manually describes it (scheme v1).

    While a secret is rolled there are two, and a signature for each.
    """
    signatures = "".join(f",v1={_hex_digest(secret, f'{timestamp}.{body}')}" for secret in secrets)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": f"t={timestamp}{signatures}",
    }


def github_headers(delivery: Doc, secret: str, app_id: int) -> dict[str, str]:
    """The delivery headers of https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "Accept": "*/*",
        "X-GitHub-Event": str(delivery["event"]).split(".")[0],
        "X-GitHub-Delivery": str(delivery["id"]),
        "X-GitHub-Hook-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-GitHub-Hook-Installation-Target-ID": str(app_id),
        "X-Hub-Signature-256": "sha256=" + _hex_digest(secret, delivery["body"]),
    }


def _hex_digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
