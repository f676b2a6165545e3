"""The switch between light, dark and what the system says: one cookie, works without JavaScript."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from bountyhub.http.session import safe_next

blueprint = Blueprint("theme", __name__)
THEMES = ("light", "dark", "auto")


def current_theme() -> str:
    """The chosen theme, `auto` when none was."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


@blueprint.post("/theme")
def choose() -> Response:
    """Remember a theme for a year."""
    chosen = request.form.get("theme", "auto")
    there = request.form.get("next")
    answer = redirect(safe_next(there) if there else "/", 303)
    if chosen in THEMES:
        answer.set_cookie("theme", chosen, max_age=365 * 86400, samesite="Lax", secure=request.is_secure, httponly=True)
    return answer
