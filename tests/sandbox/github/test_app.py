"""The App signs in, gets tokens and sees what it is installed on, with the real client library."""

from __future__ import annotations

import time

import jwt
import pytest
from github import BadCredentialsException, GithubException, UnknownObjectException

from tests.sandbox.github.hub import Hub


def test_the_app_knows_itself(hub: Hub) -> None:
    app = hub.app().get_app()
    assert (app.slug, app.id) == ("bountyhub", 4711)


def test_nothing_is_installed_at_first(hub: Hub) -> None:
    assert list(hub.app().get_installations()) == []


def test_an_installation_shows_its_repositories(hub: Hub) -> None:
    hub.install("ana", "ana/inkwell", "ana/secret")
    (installation,) = hub.app().get_installations()
    assert [repo.full_name for repo in installation.get_repos()] == ["ana/inkwell", "ana/secret"]


def test_an_installation_is_found_by_repository(hub: Hub) -> None:
    hub.install("ana", "ana/inkwell")
    assert hub.app().get_repo_installation("ana", "inkwell").target_type == "User"


def test_a_repository_left_out_has_no_installation(hub: Hub) -> None:
    hub.install("ana", "ana/inkwell")
    with pytest.raises(UnknownObjectException):
        hub.app().get_repo_installation("ana", "pinsel")


def test_a_token_ends_after_an_hour_of_real_time(hub: Hub) -> None:
    made = hub.do("install", account="ana")
    token = hub.app().get_access_token(made["id"])
    assert 3500 < token.expires_at.timestamp() - time.time() <= 3600


def test_moved_business_time_ends_no_token(hub: Hub) -> None:
    hub.install("ana")
    token = hub.token()
    hub.sandbox.clock.advance(30)
    assert hub.get("/installation/repositories", token).status_code == 200


@pytest.mark.parametrize("issued, ends, app", [(0, 700, 4711), (120, 300, 4711), (-700, -100, 4711), (0, 300, 12)])
def test_a_wrong_app_token_is_refused(hub: Hub, issued: int, ends: int, app: int) -> None:
    now = int(time.time())
    claims = {"iat": now + issued, "exp": now + ends, "iss": str(app)}
    token = jwt.encode(claims, hub.config.github_app_private_key, algorithm="RS256")
    assert hub.get("/app", token).status_code in (401, 404)


def test_a_token_signed_by_somebody_else_is_refused(hub: Hub) -> None:
    now = int(time.time())
    token = jwt.encode({"iat": now, "exp": now + 60, "iss": "4711"}, "x" * 32, algorithm="HS256")
    assert hub.get("/app", token).status_code == 401


def test_an_unknown_token_is_refused_in_githubs_shape(hub: Hub) -> None:
    answer = hub.get("/repos/ana/inkwell", "ghs_unknown")
    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"


def test_a_suspended_installation_gets_no_token_and_its_old_one_is_refused(hub: Hub) -> None:
    hub.install("ana")
    token, installation = hub.token(), hub.app().get_user_installation("ana")
    hub.do("suspend", account="ana")
    assert hub.get("/installation/repositories", token).status_code == 403
    with pytest.raises(GithubException) as refused:
        hub.app().get_access_token(installation.id)
    assert refused.value.status == 403


def test_after_uninstalling_the_token_is_dead(hub: Hub) -> None:
    github = hub.install("ana")
    github.get_repo("ana/inkwell")
    hub.do("uninstall", account="ana")
    with pytest.raises(BadCredentialsException):
        github.get_repo("ana/inkwell")
