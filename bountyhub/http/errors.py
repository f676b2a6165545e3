"""Every refusal and accident, rendered once: a page for people, JSON for programs. Nothing secret is shown."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from flask import Flask, g, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bountyhub.http import kept, limits
from bountyhub.kit.errors import DomainError, SignInAgain, SignInNeeded

log = logging.getLogger("bountyhub.http")

TITLES = {
    400: "That can’t be done",
    401: "Please sign in",
    403: "That is not yours to do",
    404: "There is nothing here",
    405: "That can’t be done here",
    409: "That is not possible now",
    410: "This is over",
    413: "That is too large",
    422: "Something is not right yet",
    429: "Slowly, please",
    500: "Something broke on our side",
    503: "Something we need isn’t answering",
}
ADVICE = {
    404: "Check the address, or start from the list of tasks.",
    405: "Go back and use the button on the page.",
    413: "Send something smaller.",
    500: "Nothing was charged by this click. Please try again in a minute.",
}
SIGNED_OUT = "You were not signed in, so nothing was sent. What you typed is still here: please send it again."
TOO_OLD = "This form was open too long, so nothing was sent. What you typed is still here: please send it again."


def init_app(app: Flask) -> None:
    """Render all errors of an application here."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _accident)


def wants_json() -> bool:
    """Whether the asker is a program."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and bool(request.accept_mimetypes["application/json"])


def _domain(error: DomainError) -> Response:
    if isinstance(error, SignInNeeded) and not wants_json():
        there = request.full_path.rstrip("?") if request.method == "GET" else kept.carry_on(SIGNED_OUT)
        again = "&again=1" if isinstance(error, SignInAgain) else ""
        return redirect(f"/sign-in?next={quote(there)}{again}", 303)
    return answer(error.status, error.code, error.message, error.advice, error.facts)


def _csrf(_error: CSRFError) -> Response:
    if kept.is_from_here() and not wants_json():
        return redirect(kept.carry_on(TOO_OLD), 303)
    message = "This form was open too long, or didn’t come from this site."
    return answer(400, "csrf", message, "Go back, reload the page and try again. Nothing was changed.")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    message, advice = TITLES.get(status, error.name) + ".", ADVICE.get(status, "")
    if status == 429:
        message = "That was tried many times in a short while, by you or from the network you are in."
        advice = f"Nothing was changed. {limits.try_again()}"
    made = answer(status, f"http_{status}", message, advice)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            made.headers[name] = value
    return made


def _accident(error: Exception) -> Response:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    message = "Something went wrong on our side, and we wrote it down."
    try:
        return answer(500, "accident", message, ADVICE[500])
    except Exception:
        log.exception("the error page failed too")
        # Whatever pages need (the database, most likely) is away: say so without it.
        return Response(f"{message}\n{ADVICE[500]}\n{g.get('request_id', '')}\n", 500, mimetype="text/plain")


def answer(status: int, code: str, message: str, advice: str, facts: dict[str, Any] | None = None) -> Response:
    """The one way an error looks."""
    reference = getattr(g, "request_id", "")
    if wants_json():
        body = {"code": code, "message": message, "advice": advice, "facts": facts or {}, "reference": reference}
        made = jsonify({"error": body})
    else:
        title = TITLES.get(status, "That didn’t work")
        page = render_template(
            "errors/error.html", status=status, title=title, message=message, what_to_do=advice, reference=reference
        )
        made = make_response(page)
    made.status_code = status
    return made
