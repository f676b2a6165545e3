"""What somebody typed into a form that could not be taken, kept for the page that shows the form again.

A page drawn in the same answer finds it at once; where the way leads over another page (signing in, a token that is
too old), a short-lived signed cookie of this browser carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.routing import RequestRedirect

from bountyhub.http.session import safe_next

COOKIE = "bountyhub_typed"
SECONDS = 15 * 60
#: Browsers refuse longer cookies; so much text is not kept.
LONGEST = 3800


@dataclass(frozen=True)
class Kept:
    """A form that was not taken: where it posts to, what was typed, what its person is told, and of which field."""

    path: str
    typed: dict[str, str]
    message: str
    refused: bool = True
    field: str = ""


def init_app(app: Flask) -> None:
    """Send the cookie with an answer that leads on, and forget it once its form was shown."""

    @app.after_request
    def carry(answer: Response) -> Response:
        if "kept_carried" in g:
            answer.set_cookie(
                COOKIE, g.kept_carried, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure
            )
        elif "kept" in g and COOKIE in request.cookies:
            answer.delete_cookie(COOKIE)
        return answer


def keep(message: str, field: str = "") -> None:
    """Keep this request's form for the page that is drawn as its answer."""
    g.kept = Kept(request.path, _typed(), message, field=field)


def carry_on(message: str) -> str:
    """Keep this request's form over another page; the address of the page that shows it."""
    typed = _typed()
    packed = _serializer().dumps([request.path, typed, message]) if any(typed.values()) else ""
    if packed and len(packed) <= LONGEST:
        g.kept_carried = packed
    return form_page()


def kept(path: str) -> Kept | None:
    """What was typed into the form that posts to `path`, if it was just refused."""
    found = g.get("kept") or _carried()
    if found is None or found.path != path:
        return None
    g.kept = found
    return found


def form_page() -> str:
    """The page on which this request's form is: where it was sent from, else the page it is about."""
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc == request.host and _is_page(sent_from.path):
        return safe_next(f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path)
    about = request.path.rpartition("/")[0]
    return about if _is_page(about) else "/me"


def is_from_here() -> bool:
    """Whether a page of this site sent the request: no other site may put words into our forms."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _is_page(path: str) -> bool:
    routes = current_app.create_url_adapter(request)
    try:
        return routes is not None and routes.test(path, "GET")
    except RequestRedirect:
        return False


def _typed() -> dict[str, str]:
    return {name: value.replace("\x00", "") for name, value in request.form.items() if name != "csrf_token"}


def _carried() -> Kept | None:
    try:
        path, typed, message = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
    except BadSignature:
        return None
    return Kept(path, typed, message, refused=False)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept")
