"""Signing in with GitHub through the whole code flow; what goes wrong is a sentence, not an accident."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bountyhub import settings, wiring
from bountyhub.events.models import OutboxJob
from bountyhub.http import session as login
from bountyhub.integrations.github import oauth, views
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import sign_in_with_mail
from tests.integrations.github.hub import Hub
from tests.servers.process import free_port


def browser(_hub: Hub) -> FlaskClient:
    """A browser on an application on this hub that has the sign-in routes and tells who is signed in at `/who`."""
    app = Flask("sign-in")
    app.secret_key = "for tests"
    login.init_app(app, wiring.SESSIONS)
    oauth.register(app)
    app.register_blueprint(views.blueprint)
    app.register_error_handler(DomainError, lambda error: (f"{error.message} {error.advice}", error.status))
    app.add_url_rule("/who", "who", lambda: getattr(login.current_person(), "name", "nobody"))
    return app.test_client()


def start(client: FlaskClient, to: str = "/tasks/1") -> str:
    """Press the button; the address at GitHub."""
    answer = client.post("/sign-in/github", data={"next": to})
    assert answer.status_code == 303
    return answer.location


def agree(address: str, login_name: str = "bo", **more: str) -> str:
    """Say yes at GitHub as somebody; the address back."""
    form = dict(parse_qsl(urlsplit(address).query)) | {"login": login_name} | more
    answer = requests.post(address.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def come_back(client: FlaskClient, address: str, **changed: str) -> TestResponse:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | changed
    return client.get(f"{parts.path}?{urlencode(query)}")


def who(client: FlaskClient) -> str:
    return client.get("/who").text


def test_signing_in_makes_a_person_of_the_numeric_id(hub: Hub) -> None:
    client = browser(hub)
    address = start(client)
    asked = parse_qs(urlsplit(address).query)
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert asked["redirect_uri"] == [f"{settings.current().PUBLIC_URL}/sign-in/github/callback"]
    answer = come_back(client, agree(address))
    assert (answer.status_code, answer.location, who(client)) == (303, "/tasks/1", "bo")
    with reading() as session:
        identity = session.scalars(select(Identity).where(Identity.person_id.is_not(None))).one()
        person = session.get_one(Person, identity.person_id)
        jobs = [row.args for row in session.scalars(select(OutboxJob)) if row.name == "forge.refresh_roles"]
    assert (identity.forge_id, person.email) == (hub.github.person("bo"), "bo@example.test")
    assert jobs == [{"person": person.id}]


def test_signing_in_twice_is_the_same_person_even_after_a_rename(hub: Hub) -> None:
    client = browser(hub)
    come_back(client, agree(start(client)))
    hub.github.do("rename_person", login="bo", to="robert")
    again = browser(hub)
    come_back(again, agree(start(again), "robert"))
    assert who(again) == "robert"
    with reading() as session:
        assert len(session.scalars(select(Person)).all()) == 1


def test_who_signed_in_by_mail_keeps_their_money_when_they_connect_github(hub: Hub) -> None:
    client, person = browser(hub), by_mail("elsewhere@example.org")
    with client.session_transaction() as cookie:
        cookie["secret"] = wiring.SESSIONS.open(person)
    come_back(client, agree(start(client)))
    with reading() as session:
        identity = session.scalars(select(Identity).where(Identity.person_id == person)).one()
        assert (identity.login, session.get_one(Person, person).email) == ("bo", "elsewhere@example.org")


def test_who_signed_in_by_mail_is_joined_with_the_github_account_they_had(hub: Hub) -> None:
    client = browser(hub)
    come_back(client, agree(start(client)))
    other, person = browser(hub), by_mail("elsewhere@example.org")
    with other.session_transaction() as cookie:
        cookie["secret"] = wiring.SESSIONS.open(person)
    come_back(other, agree(start(other)))
    assert who(other) == "bo"
    with reading() as session:
        assert session.get_one(Person, person).email is None
        assert len(session.scalars(select(Identity).where(Identity.person_id.is_not(None))).all()) == 1


def by_mail(email: str) -> int:
    with transaction() as session:
        return sign_in_with_mail(session, email).id


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_no_way_leads_to_another_site(hub: Hub, to: str) -> None:
    client = browser(hub)
    assert come_back(client, agree(start(client, to))).location == "/me"


def test_a_refusal_at_github_is_a_sentence(hub: Hub) -> None:
    client = browser(hub)
    answer = come_back(client, agree(start(client), refuse="1"))
    assert (answer.status_code, who(client)) == (400, "nobody")
    assert "didn't let" in answer.text


def test_a_state_of_another_browser_is_refused(hub: Hub) -> None:
    victim, attacker = browser(hub), browser(hub)
    back = agree(start(attacker), "dara")
    assert come_back(victim, back).status_code == 400
    start(victim)
    assert come_back(victim, back).status_code == 400
    assert come_back(victim, back, state="made up").status_code == 400
    assert who(victim) == "nobody"


def test_a_callback_without_anything_is_refused(hub: Hub) -> None:
    assert browser(hub).get("/sign-in/github/callback").status_code == 400


def test_a_code_works_once_and_only_with_its_verifier(hub: Hub) -> None:
    client = browser(hub)
    back = agree(start(client))
    assert come_back(client, back).status_code == 303
    assert come_back(client, back).status_code == 400
    stolen = parse_qs(urlsplit(agree(start(browser(hub)), "ana")).query)["code"][0]
    other = browser(hub)
    assert come_back(other, agree(start(other)), code=stolen).status_code == 400
    assert who(other) == "nobody"


def test_github_away_is_a_sentence(hub: Hub) -> None:
    client = browser(hub)
    back = agree(start(client))
    gone = f"http://127.0.0.1:{free_port()}"
    away = settings.current().model_copy(update={"GITHUB_API_URL": f"{gone}/api", "GITHUB_WEB_URL": gone})
    settings.use(away)
    answer = come_back(browser_with_cookies(hub, client), back)
    assert answer.status_code == 503
    assert "GitHub" in answer.text


def browser_with_cookies(hub: Hub, client: FlaskClient) -> FlaskClient:
    """The same browser on an application started anew."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    fresh = browser(hub)
    fresh.set_cookie("session", cookie.value)
    return fresh


def test_github_answering_with_errors_is_a_sentence(hub: Hub) -> None:
    client = browser(hub)
    back = agree(start(client))
    hub.github.do("limit_rate", seconds=60)
    assert come_back(client, back).status_code == 503
    assert who(client) == "nobody"


def test_the_cookie_stays_small_and_the_last_start_works(hub: Hub) -> None:
    client = browser(hub)
    addresses = [start(client) for _ in range(12)]
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert len(cookie.value) < 3000
    assert come_back(client, agree(addresses[0])).status_code == 400
    assert come_back(client, agree(addresses[-1])).status_code == 303


def test_coming_back_from_installing_records_it(hub: Hub) -> None:
    client = browser(hub)
    come_back(client, agree(start(client), "eve"))
    made = hub.github.do("install", account="eve")
    answer = client.get(f"/github/installed?installation_id={made['id']}&setup_action=install")
    row = hub.repository("eve/almanac")
    assert (answer.status_code, answer.location) == (303, f"/projects/{row.project_id}")
    assert row.installation_id is not None


@pytest.mark.parametrize("query", ["", "?installation_id=x", f"?installation_id={2**70}", "?installation_id=7"])
def test_coming_back_without_an_installation_is_told(hub: Hub, query: str) -> None:
    client = browser(hub)
    come_back(client, agree(start(client)))
    assert client.get(f"/github/installed{query}").status_code == 404


def test_a_member_who_may_only_ask_for_the_app_is_told_to_wait(hub: Hub) -> None:
    client = browser(hub)
    come_back(client, agree(start(client)))
    assert client.get("/github/installed?setup_action=request").location == "/projects"


def test_coming_back_from_installing_needs_a_person(hub: Hub) -> None:
    assert browser(hub).get("/github/installed?installation_id=1").status_code == 401
