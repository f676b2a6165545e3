"""`create_app`: wires settings, database, outside services, jobs and pages, in one readable screen."""

from __future__ import annotations

import hmac
from datetime import timedelta

from flask import Blueprint, Flask, Response, jsonify, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bountyhub import admin, pages, ports, wiring
from bountyhub import settings as settings_module
from bountyhub.admin import metrics
from bountyhub.api import ledger as api_ledger
from bountyhub.api import ledger_log as api_ledger_log
from bountyhub.api import views as api
from bountyhub.events import moved_time
from bountyhub.events.runner import ThreadRunner
from bountyhub.http import errors, filters, headers, health, kept, limits, logs, session, static, theme
from bountyhub.integrations.github import oauth
from bountyhub.integrations.github import views as github_views
from bountyhub.integrations.github import webhooks as github_webhooks
from bountyhub.integrations.stripe import webhooks as stripe_webhooks
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import Forbidden
from bountyhub.kit.paths import asset
from bountyhub.pages import away
from bountyhub.ports.errors import OutsideError
from bountyhub.settings import Settings

sandbox_clock = Blueprint("sandbox_clock", __name__)


def create_app(settings: Settings, *, runner: ThreadRunner | None = None) -> Flask:
    """The application for these settings; `runner` when this process drains the outbox itself."""
    wiring.wire(settings)
    app = Flask("bountyhub", static_folder=str(asset("static")), template_folder=str(asset("templates")))
    app.config.update(
        SECRET_KEY=settings.SECRET_KEY.get_secret_value(), SESSION_COOKIE_NAME="bountyhub_session",
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.PUBLIC_URL.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30), MAX_CONTENT_LENGTH=1024 * 1024, WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )  # fmt: skip
    if settings.TRUSTED_PROXIES:
        count = settings.TRUSTED_PROXIES
        vars(app)["wsgi_app"] = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    if settings.is_sandboxed and settings.REDIS_URL:
        app.before_request(moved_time.load)  # another process may have moved it
    logs.init_app(app)
    csrf = CSRFProtect(app)
    session.init_app(app, wiring.SESSIONS)
    _register(app, settings, csrf)
    filters.init_app(app)
    static.init_app(app)
    headers.init_app(app, settings)
    kept.init_app(app)
    errors.init_app(app)
    app.register_error_handler(OutsideError, away.answer)
    _add_checks(app, settings, runner)
    app.context_processor(lambda: _context(settings))
    return app


def from_environment() -> Flask:
    """For gunicorn (`gunicorn 'bountyhub.app:from_environment()'`): settings from the environment, jobs elsewhere."""
    given = settings_module.load()
    logs.configure(given)
    return create_app(given)


def _register(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    machines = [stripe_webhooks.blueprint, github_webhooks.blueprint, sandbox_clock]
    watchers = [health.blueprint, metrics.blueprint]
    for blueprint in machines:
        csrf.exempt(blueprint)
    faces = [theme.blueprint, github_views.blueprint, *pages.BLUEPRINTS, *admin.BLUEPRINTS]
    for blueprint in [*machines, *watchers, *faces]:
        app.register_blueprint(blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api_ledger.blueprint)
    app.register_blueprint(api_ledger_log.blueprint)
    oauth.register(app)
    limits.init_app(app, settings, exempt=[*machines, *watchers])


def _context(settings: Settings) -> dict[str, object]:
    return {
        "actor": session.current_person(),
        "theme": theme.current_theme(),
        "sandbox_url": settings.SANDBOX_URL,
        "source_url": settings.SOURCE_URL,
        "forge": ports.forge().site,
        "now": clock.now(),
    }


def _add_checks(app: Flask, settings: Settings, runner: ThreadRunner | None) -> None:
    checks: dict[str, health.Check] = app.extensions.setdefault("checks", {})
    checks["database"] = wiring.check_database
    checks["outbox"] = wiring.check_outbox if runner is None else lambda: wiring.check_runner(runner)
    checks.update(wiring.outside_checks(settings))


@sandbox_clock.post("/sandbox/clock")
def advance() -> Response:
    """The sandbox asks to move business time; it proves itself with a secret both know."""
    ours = settings_module.current()
    known = settings_module.split_secrets(ours.STRIPE_WEBHOOK_SECRET.get_secret_value())[0].encode()
    given = request.headers.get("X-Sandbox-Key", "").encode()
    if not ours.is_sandboxed or not hmac.compare_digest(known, given):
        raise Forbidden("Only this instance's sandbox may move time.")
    body = request.get_json(silent=True)
    days = body.get("days") if isinstance(body, dict) else None
    with transaction() as opened:
        moved_time.advance(opened, days if type(days) is int else 0)
    return jsonify({"now": clock.now().isoformat()})
