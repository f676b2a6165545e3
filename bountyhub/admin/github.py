"""`/operator/github`: the App made in two clicks, and what its installations lack.

The state that goes to the forge and back is signed, for this operator, for an hour; each is good for once.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug import Response

from bountyhub import settings
from bountyhub.http import limits
from bountyhub.http.session import FRESH, CurrentPerson, require_fresh_person, require_operator
from bountyhub.integrations.github.manifest import manifest
from bountyhub.integrations.github.needs import PERMISSIONS, REASONS
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideError
from bountyhub.projects.models import Installation
from bountyhub.projects.operations import begin_app, record_app
from bountyhub.settings import app_file

blueprint = Blueprint("operator_github", __name__)
PATH = "/operator/github"
#: As long as the forge's code lives.
SECONDS = 3600


class AppNotMade(DomainError):
    """The App could not be taken over."""

    status = 422
    code = "app_not_made"
    advice = "Open the page again and begin anew."


@blueprint.get(PATH)
def show() -> str:
    """The App in use, the form that leads to the forge, and installations that lack something."""
    person, ours = require_operator(), settings.current()
    with reading() as session:
        live = select(Installation).where(Installation.removed_at.is_(None)).order_by(Installation.account)
        installations = list(session.scalars(live))
    fresh = clock.real_now() - person.signed_in_at <= FRESH
    host = ours.PUBLIC_URL.partition("://")[2].partition(":")[0]
    return render_template(
        "admin/github.html", app_id=ours.GITHUB_APP_ID, slug=ours.GITHUB_APP_SLUG, web=ours.GITHUB_WEB_URL,
        has_app=ours.GITHUB_APP_ID != "0", waiting=_waiting(), outside=app_file.is_named_outside(), fresh=fresh,
        state=_signer().dumps([person.id, ids.new_ref()]) if fresh else "", installations=installations,
        manifest=manifest(ours, f"bountyhub {host}"),
        needs=[(name, level, REASONS[name]) for name, level in PERMISSIONS.items()],
    )  # fmt: skip


@blueprint.get(f"{PATH}/created")
@limits.asks_forge
def created() -> Response:
    """Back from the forge with a code: it is written down, exchanged for the App's keys, and these are kept."""
    require_operator()
    person = require_fresh_person()
    state = _checked(person)
    code = request.args.get("code", "").strip()
    if not code:
        raise AppNotMade("GitHub sent no code: no App was made.")
    with transaction() as session:
        row = begin_app(session, ids.digest(state), person.id)
        if row is None:
            raise AppNotMade("This was done already.", advice="The page says which App there is.")
        number = row.id
    try:
        app = forge().create_app(code)
    except OutsideError as error:
        raise AppNotMade(
            "GitHub didn’t hand over the App’s keys.",
            advice="Delete the App on GitHub if it is there (Settings, Developer settings), and begin anew.",
        ) from error
    app_file.write(
        {
            "GITHUB_APP_ID": str(app.id), "GITHUB_APP_SLUG": app.slug, "GITHUB_APP_PRIVATE_KEY": app.private_key,
            "GITHUB_WEBHOOK_SECRET": app.webhook_secret, "GITHUB_CLIENT_ID": app.client_id,
            "GITHUB_CLIENT_SECRET": app.client_secret,
        }
    )  # fmt: skip
    with transaction() as session:
        record_app(session, number, app.id, app.slug, f"person:{person.id}")
    flash("The App is made and its keys are kept. Start bountyhub again to use it.")
    return redirect(PATH, 303)


def _checked(person: CurrentPerson) -> str:
    """The state as it came back; raises AppNotMade for one that isn't this operator's, or too old."""
    state = request.args.get("state", "")
    try:
        whose = _signer().loads(state, max_age=SECONDS)[0]
    except BadSignature:  # too old as well
        raise AppNotMade("This was not begun here, or too long ago.") from None
    if whose != person.id:
        raise AppNotMade("Somebody else began this.")
    return state


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.current().SECRET_KEY.get_secret_value(), salt="forge-app")


def _waiting() -> str:
    """The number of an App that is kept and not in use yet, "" if none."""
    kept = app_file.kept_id()
    return kept if kept and kept != settings.current().GITHUB_APP_ID else ""
