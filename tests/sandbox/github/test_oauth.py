"""Signing in with the real Authlib, by code, state and PKCE."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from tests.sandbox.github.hub import Browser, Hub


def client(hub: Hub, **more: str) -> OAuth2Session:
    return OAuth2Session(
        hub.config.github_client_id,
        hub.config.github_client_secret,
        redirect_uri=f"{hub.config.app_url}/sign-in/github/callback",
        scope="read:user user:email",
        **more,
    )


def back_from(hub: Hub, address: str, **form: str) -> str:
    """Press a button of the page at `address`; where it leads."""
    browser = Browser(hub)
    query = urlsplit(address).query
    assert "Sign in as" in browser.page(f"/login/oauth/authorize?{query}")
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    return browser.press("/login/oauth/authorize", **fields | form).headers["Location"]


def token_url(hub: Hub) -> str:
    return f"{hub.url}/github/login/oauth/access_token"


def test_a_person_signs_in(hub: Hub) -> None:
    sign_in(hub, "client_secret_post")


@pytest.mark.usefixtures("unrecorded")  # GitHub takes the secret in a header too, but documents only the form
def test_a_person_signs_in_with_the_secret_in_a_header(hub: Hub) -> None:
    sign_in(hub, "client_secret_basic")


def sign_in(hub: Hub, method: str) -> None:
    session = client(hub, token_endpoint_auth_method=method, code_challenge_method="S256")
    verifier = generate_token(48)
    address, state = session.create_authorization_url(f"{hub.url}/github/login/oauth/authorize", code_verifier=verifier)
    back = back_from(hub, address, login="bo")
    token = session.fetch_token(
        token_url(hub), authorization_response=back, state=state, code_verifier=verifier,
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert token["token_type"] == "bearer"
    me = session.get(f"{hub.api}/user").json()
    assert (me["login"], me["type"]) == ("bo", "User")
    emails = session.get(f"{hub.api}/user/emails").json()
    assert [one["email"] for one in emails if one["primary"] and one["verified"]] == ["bo@example.test"]


def code_for(hub: Hub, session: OAuth2Session, **more: str) -> str:
    address, _ = session.create_authorization_url(f"{hub.url}/github/login/oauth/authorize", **more)
    return parse_qs(urlsplit(back_from(hub, address, login="bo")).query)["code"][0]


def exchange(hub: Hub, **fields: str) -> dict[str, str]:
    given = {"client_id": hub.config.github_client_id, "client_secret": hub.config.github_client_secret}
    answer = hub.session.post(token_url(hub), data=given | fields, headers={"Accept": "application/json"}, timeout=5)
    assert answer.status_code == 200
    body: dict[str, str] = answer.json()
    return body


def test_a_code_works_once(hub: Hub) -> None:
    code = code_for(hub, client(hub))
    assert "access_token" in exchange(hub, code=code)
    assert exchange(hub, code=code)["error"] == "bad_verification_code"


def test_a_wrong_verifier_gets_nothing(hub: Hub) -> None:
    session = client(hub, code_challenge_method="S256")
    code = code_for(hub, session, code_verifier=generate_token(48))
    assert exchange(hub, code=code, code_verifier=generate_token(48))["error"] == "bad_verification_code"


def test_a_wrong_secret_gets_nothing(hub: Hub) -> None:
    code = code_for(hub, client(hub))
    assert exchange(hub, code=code, client_secret="guess")["error"] == "incorrect_client_credentials"


def test_who_cancels_comes_back_with_a_refusal(hub: Hub) -> None:
    address, state = client(hub).create_authorization_url(f"{hub.url}/github/login/oauth/authorize")
    query = parse_qs(urlsplit(back_from(hub, address, refuse="1")).query)
    assert (query["error"], query["state"]) == (["access_denied"], [state])


@pytest.mark.parametrize("fields", [{"client_id": "other"}, {"redirect_uri": "https://elsewhere.test/cb"}])
def test_a_strangers_address_is_refused(hub: Hub, fields: dict[str, str]) -> None:
    query = {"client_id": hub.config.github_client_id, "state": "x"} | fields
    url = f"{hub.url}/github/login/oauth/authorize"
    assert hub.session.get(url, params=query, timeout=5).status_code in (400, 404)


def test_without_asking_for_json_the_answer_is_a_form(hub: Hub) -> None:
    code = code_for(hub, client(hub))
    given = {"client_id": hub.config.github_client_id, "client_secret": hub.config.github_client_secret}
    answer = hub.session.post(token_url(hub), data=given | {"code": code}, timeout=5)
    assert parse_qs(answer.text)["token_type"] == ["bearer"]


def test_nobody_has_no_profile_and_the_app_has_none_either(hub: Hub) -> None:
    hub.install()
    assert hub.get("/user").status_code == 401
    assert hub.get("/user", hub.token()).status_code == 403


def user_token(hub: Hub, login: str) -> str:
    address, _ = client(hub).create_authorization_url(f"{hub.url}/github/login/oauth/authorize")
    code = parse_qs(urlsplit(back_from(hub, address, login=login)).query)["code"][0]
    return exchange(hub, code=code)["access_token"]


@pytest.mark.parametrize("login, count", [("ana", 1), ("eve", 1), ("cleo", 0)])
def test_a_person_sees_the_installations_they_have_to_do_with(hub: Hub, login: str, count: int) -> None:
    hub.install()
    token = user_token(hub, login)
    body = hub.get("/user/installations", token).json()
    assert (body["total_count"], len(body["installations"])) == (count, count)


def test_a_person_sees_what_of_an_installation_they_may_read(hub: Hub) -> None:
    hub.install()
    id = hub.app().get_user_installation("ana").id
    body = hub.get(f"/user/installations/{id}/repositories", user_token(hub, "eve")).json()
    assert [repo["full_name"] for repo in body["repositories"]] == ["ana/inkwell", "ana/pinsel", "ana/mosaic"]


@pytest.mark.parametrize("login, status", [("eve", 200), ("bo", 403)])
def test_a_person_merges_by_the_api_if_they_may(hub: Hub, login: str, status: int) -> None:
    hub.install()
    made = hub.do("open_pull_request", repo="ana/inkwell", as_="bo", title="x")
    path = f"/repos/ana/inkwell/pulls/{made['number']}/merge"
    answer = hub.send("PUT", path, user_token(hub, login), merge_method="squash", sha=made["head_sha"])
    assert answer.status_code == status


def test_a_person_comments_as_themselves(hub: Hub) -> None:
    hub.install()
    answer = hub.send("POST", "/repos/ana/inkwell/issues/1/comments", user_token(hub, "dara"), body="hello")
    assert (answer.status_code, answer.json()["user"]["login"]) == (201, "dara")
    assert answer.json()["performed_via_github_app"] is None
