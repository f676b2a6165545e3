"""A small application with the parts of `bountyhub.http` and a few pages that show them; its people are made up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, flash, jsonify, render_template_string
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from bountyhub.http import errors, filters, headers, health, kept, limits, logs, session, static, theme
from bountyhub.http.session import CurrentPerson, Sessions, require_person
from bountyhub.kit.errors import Conflict
from bountyhub.kit.paths import asset
from bountyhub.settings import Settings

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
PEOPLE = {1: "ana", 4: "dara"}

pages = Blueprint("pages", __name__)


class OpenSessions(dict[str, int]):
    """Sessions by secret, in memory."""

    def open(self, person_id: int) -> str:
        secret = f"secret-{len(self) + 1}"
        self[secret] = person_id
        return secret

    def find(self, secret: str) -> CurrentPerson | None:
        person = self.get(secret)
        return None if person is None else CurrentPerson(person, PEOPLE[person], None, SINCE)

    def close(self, secret: str) -> None:
        self.pop(secret, None)


def make_site(settings: Settings, sessions: OpenSessions) -> Flask:
    """The application, put together as `create_app` does it."""
    made = Flask("bountyhub", static_folder=str(asset("static")), template_folder=str(asset("templates")))
    made.config.update(SECRET_KEY="k" * 32, SESSION_COOKIE_NAME="bountyhub_session")
    logs.init_app(made)
    CSRFProtect(made)
    session.init_app(made, Sessions(open=sessions.open, find=sessions.find, close=sessions.close))
    for blueprint in (pages, health.blueprint, theme.blueprint):
        made.register_blueprint(blueprint)
    filters.init_app(made)
    static.init_app(made)
    headers.init_app(made, settings)
    kept.init_app(made)
    errors.init_app(made)
    limits.init_app(made, settings, exempt=[health.blueprint])
    made.context_processor(lambda: {"actor": session.current_person(), "theme": theme.current_theme()})
    return made


def csrf_token(client: FlaskClient) -> str:
    """A token for this browser's next form."""
    return client.get("/token").text


def error(answer: Any) -> dict[str, Any]:
    """What a program is told of a failure."""
    told: dict[str, Any] = answer.get_json()["error"]
    return told


def sign_in(client: FlaskClient, person: int) -> None:
    """This browser becomes somebody."""
    client.get(f"/become/{person}")


@pages.get("/token")
def token() -> str:
    return render_template_string("{{ csrf_token() }}")


@pages.get("/become/<int:person>")
def become(person: int) -> str:
    session.sign_in(person)
    found = session.current_person()
    return found.name if found else "nobody"


@pages.post("/leave")
def leave() -> str:
    session.sign_out()
    return str(session.current_person())


@pages.get("/who")
def who() -> str:
    person = session.current_person()
    return person.name if person else "nobody"


@pages.route("/mine", methods=["GET", "POST"])
def mine() -> str:
    return require_person().name


@pages.get("/busy")
def busy() -> str:
    raise Conflict("The task is over.", advice="Look at another one.", task=7)


@pages.get("/broken")
def broken() -> str:
    raise RuntimeError("the secret of dara@example.org is sk_sandbox_test")


@pages.post("/say")
def say() -> Response:
    flash("Said.")
    return jsonify({"said": True})


@pages.get("/costly")
@limits.costly
def costly() -> str:
    return "done"
