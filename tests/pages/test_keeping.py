"""Whatever stops a form, what was typed is still there: refusals, a service away, an ended sign-in, an old token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bountyhub.http.kept import COOKIE
from bountyhub.kit import clock
from bountyhub.pages import away
from bountyhub.ports.errors import OutsideUnavailable, RetryAt
from bountyhub.work.models import Objection
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged
from tests.pages.conftest import Pages, Someone, words

REASON = "The links are dead, “really”."
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def claim(pages: Pages) -> str:
    """A merge by its own author, Eve: objections are possible."""
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    pages.know_roles()
    return f"/claims/{pages.world.claim().id}"


def area(text: str) -> str:
    """What the page's field for a reason holds, in an opened question or a form."""
    found = re.search(r"<textarea[^>]*>([^<]+)</textarea>", text)
    return found[1].replace("&#34;", '"') if found else ""


def test_an_objection_that_is_refused_keeps_its_reason(pages: Pages, claim: str) -> None:
    answer = pages.signed_in(DARA).post(f"{claim}/object", reason=REASON)
    assert answer.status_code == 403
    assert "money was held at the merge" in words(answer)
    assert area(answer.text) == REASON


def test_an_objection_while_the_forge_is_away_keeps_its_reason(
    pages: Pages, claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _away(pages, monkeypatch)
    answer = pages.signed_in(CLEO).post(f"{claim}/object", reason=REASON)
    assert (answer.status_code, area(answer.text)) == (503, REASON)
    assert "Nothing was changed" in words(answer)


def test_a_forge_that_asks_us_to_wait_is_named_with_its_time(
    pages: Pages, claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limited(*_: object) -> None:
        raise RetryAt("github: 403", datetime(2999, 11, 29, 17, 41, 7, tzinfo=UTC), "GitHub")

    monkeypatch.setattr(pages.forge, "permission", limited)
    answer = pages.signed_in(CLEO).post(f"{claim}/object", reason=REASON)
    assert (answer.status_code, area(answer.text)) == (503, REASON)
    assert "GitHub asks us to wait until 17:42 UTC. Nothing was changed or charged. Please try then." in words(answer)


@pytest.mark.parametrize(("who", "says"), [("GitHub", "asks us to wait until"), ("", "isn’t answering")])
def test_a_program_is_told_in_how_many_seconds_to_ask_again(pages: Pages, who: str, says: str) -> None:
    limit = RetryAt("403", clock.real_now() + timedelta(minutes=9), who)
    with pages.app.test_request_context("/", headers={"Accept": "application/json"}):
        made = away.answer(limit)
    assert (made.status_code, made.json is not None and says in made.json["error"]["message"]) == (503, True)
    assert 530 < int(made.headers["Retry-After"]) <= 540


def _away(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OutsideUnavailable("github: no answer")

    monkeypatch.setattr(pages.forge, "permission", away)


def test_a_decision_while_the_forge_is_away_keeps_its_reason_where_it_was(
    pages: Pages, claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.signed_in(CLEO).post(f"{claim}/object", reason="No.")
    _away(pages, monkeypatch)
    answer = pages.signed_in(ANA).post(f"{claim}/settle", decision="refuse", reason=REASON)
    assert (answer.status_code, area(answer.text)) == (503, REASON)
    opened = answer.text.partition('<details class="confirm" open>')[2].partition("</details>")[0]
    assert 'value="refuse"' in opened and REASON in opened
    assert answer.text.count('<details class="confirm" open>') == 1


def test_cancelling_while_the_forge_is_away_keeps_its_reason(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.know_roles()
    _away(pages, monkeypatch)
    answer = pages.signed_in(ANA).post(f"/tasks/{pages.world.task_id}/cancel", reason=REASON)
    assert (answer.status_code, area(answer.text)) == (503, REASON)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://elsewhere.example/pull/1", "not on"),
        ("http://127.0.0.1:8001/github/ana/inkwell/issues/12", "not a pull request"),
    ],
)
def test_a_pull_requests_address_that_is_refused_is_kept(pages: Pages, typed: str, said: str) -> None:
    answer = pages.signed_in(BO).post(f"/tasks/{pages.world.task_id}/claim", pull_url=typed)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert said in words(answer)
    assert 'id="pull_url-error"' in answer.text


def test_programs_get_the_refusal_itself(pages: Pages, claim: str) -> None:
    json = {"Accept": "application/json"}
    answer = pages.signed_in(DARA).client.post(f"{claim}/object", data={"reason": REASON}, headers=json)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "may_not_object")


def _comes_back(someone: Someone, path: str) -> str:
    """The page that shows the form again, once: the next look is a fresh one."""
    text = someone.get(path).text
    assert "please send it again" in text
    assert someone.client.get_cookie(COOKIE) is None
    assert "please send it again" not in someone.get(path).text
    return text


def test_a_sign_in_that_ended_leads_back_to_the_form_with_what_was_typed(pages: Pages, claim: str) -> None:
    stranger = pages.stranger()
    answer = stranger.client.post(
        f"{claim}/object", data={"reason": REASON}, headers={"Referer": f"http://localhost{claim}?x=1"}
    )
    assert answer.location == f"/sign-in?next={claim}%3Fx%3D1"
    cookie = stranger.client.get_cookie(COOKIE)
    assert cookie is not None
    cleo = pages.signed_in(CLEO)
    cleo.client.set_cookie(COOKIE, cookie.value)
    assert area(_comes_back(cleo, claim)) == REASON
    assert pages.world.rows(Objection) == []


@pytest.mark.parametrize("referer", ["", "https://evil.example/claims/1", "http://localhost/claims/1/object"])
def test_without_a_usable_sender_the_way_back_is_the_page_it_is_about(pages: Pages, claim: str, referer: str) -> None:
    answer = pages.stranger().client.post(f"{claim}/object", data={"reason": "x"}, headers={"Referer": referer})
    assert answer.location == f"/sign-in?next={claim}"


@pytest.fixture
def guarded(pages: Pages) -> Iterator[Pages]:
    pages.app.config["WTF_CSRF_ENABLED"] = True
    yield pages
    pages.app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_that_was_open_too_long_comes_back_filled(guarded: Pages) -> None:
    stranger, path = guarded.stranger(), f"/tasks/{guarded.world.task_id}/fund"
    typed = {"amount": "33", "email": "guest@example.org", "consent": "yes", "csrf_token": "old", "nonce": "n1"}
    answer = stranger.client.post(path, data=typed, headers=HERE | {"Referer": f"http://localhost{path}"})
    assert (answer.status_code, answer.location) == (303, path)
    text = _comes_back(stranger, path)
    for kept in ('value="33"', 'value="guest@example.org"', 'value="n1"', "checked"):
        assert kept in text
    assert "old" not in text


def test_a_pasted_address_with_an_old_token_keeps_it(guarded: Pages) -> None:
    stranger, typed = guarded.stranger(), {"issue_url": "https://github.com/a/b/issues/1", "csrf_token": "old"}
    stranger.client.post("/tasks/new", data=typed, headers=HERE | {"Referer": "http://localhost/tasks/new"})
    assert f'value="{typed["issue_url"]}"' in _comes_back(stranger, "/tasks/new")


def test_no_other_site_puts_words_into_a_form(guarded: Pages) -> None:
    path = f"/tasks/{guarded.world.task_id}/fund"
    for origin in ("https://evil.example", "null", "http://localhost:81"):
        answer = guarded.stranger().client.post(path, data={"amount": "33"}, headers={"Origin": origin})
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers or COOKIE not in answer.headers["Set-Cookie"]


def test_a_cookie_that_was_tampered_with_holds_nothing(pages: Pages, claim: str) -> None:
    cleo = pages.signed_in(CLEO)
    cleo.client.set_cookie(COOKIE, "made-up")
    assert area(cleo.get(claim).text) == ""


def test_a_text_too_long_for_a_cookie_is_not_kept_and_breaks_nothing(pages: Pages, claim: str) -> None:
    text = "".join(chr(0x4E00 + number * 7 % 20000) for number in range(3000))
    answer = pages.stranger().post(f"{claim}/object", reason=text)
    assert answer.status_code == 303
    assert COOKIE not in answer.headers.get("Set-Cookie", "")
