"""Headers of every answer: a strict content policy, no sniffing, no referrer, no caching of personal pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from bountyhub.http.session import has_session
from bountyhub.settings import Settings

REAL_STRIPE = "https://api.stripe.com"
HOSTED_BY_STRIPE = ("https://checkout.stripe.com", "https://connect.stripe.com")


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    policy = content_policy(settings)
    secure = settings.PUBLIC_URL.startswith("https://")

    @app.after_request
    def add(answer: Response) -> Response:
        headers = answer.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static" and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if has_session() else "no-cache"
        return answer


def content_policy(settings: Settings) -> str:
    """Nothing from elsewhere, no inline code; forms may lead on to the checkout and the forge's sign-in."""
    targets = " ".join(["'self'", *_form_targets(settings)])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {targets}"
    )


def _form_targets(settings: Settings) -> list[str]:
    real = settings.STRIPE_API_BASE == REAL_STRIPE
    known = [settings.GITHUB_WEB_URL, *(HOSTED_BY_STRIPE if real else [settings.STRIPE_API_BASE])]
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in known})
