"""`/operator/github`: the App made in two clicks, by an operator who has just signed in, once for each state."""

from __future__ import annotations

import html
import json
import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.models import LoginSession
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import ForgeApp
from bountyhub.settings import app_file
from tests.admin.conftest import use
from tests.builders.outside import Outside
from tests.builders.world import ANA, BO, CLEO, DARA, EVE
from tests.pages.conftest import Pages, Someone

PATH, BACK = "/operator/github", "/operator/github/created"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("GITHUB_APP_ID", raising=False)
    yield tmp_path / "data"


@pytest.fixture
def outside(pages: Pages) -> Outside:
    return Outside().use()


def state_on(someone: Someone) -> str:
    """The state of the form that leads to GitHub."""
    found = re.search(r"settings/apps/new\?state=([^\"]+)", someone.get(PATH).text)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
def test_there_is_no_such_page_for_anybody_else(pages: Pages, who: ForgePerson | None) -> None:
    someone = pages.signed_in(who) if who else pages.stranger()
    for address in (PATH, f"{BACK}?code=c&state=s"):
        assert someone.get(address).status_code == 404


def test_the_form_tells_github_everything_and_leads_there(pages: Pages) -> None:
    text = pages.signed_in(DARA).get(PATH).text
    found = re.search(r'name="manifest" value="([^"]+)"', text)
    assert found is not None
    sent = json.loads(html.unescape(found[1]))
    assert sent["default_permissions"]["checks"] == "write"
    assert "issues" in sent["default_events"]
    assert sent["hook_attributes"]["url"].endswith("/webhooks/github")
    assert sent["redirect_url"].endswith(BACK)


def test_its_keys_are_kept_for_the_next_start_and_for_their_owner_alone(
    pages: Pages, outside: Outside, folder: Path
) -> None:
    dara = pages.signed_in(DARA)
    assert dara.get(f"{BACK}?code=abc&state={state_on(dara)}").status_code == 303
    file = folder / app_file.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert app_file.values()["GITHUB_APP_ID"] == "77001"
    assert [(row.forge_id, row.slug) for row in pages.world.rows(ForgeApp)] == [(77001, "bountyhub-new")]
    read = dara.reads(PATH)
    assert "App 77001 is kept for the next start" in read
    assert "a client's secret" not in dara.get(PATH).text


def test_each_state_is_good_for_once(pages: Pages, outside: Outside) -> None:
    dara = pages.signed_in(DARA)
    state = state_on(dara)
    statuses = [dara.get(f"{BACK}?code=abc&state={state}").status_code for _ in range(2)]
    assert statuses == [303, 422]
    assert outside.forge.keys("create_app") == ["abc"]


@pytest.mark.parametrize("query", ["", "?code=c", "?state=made-up&code=c"])
def test_what_was_not_begun_here_makes_nothing(pages: Pages, outside: Outside, folder: Path, query: str) -> None:
    assert pages.signed_in(DARA).get(BACK + query).status_code == 422
    assert pages.world.rows(ForgeApp) == []
    assert not folder.exists()


def test_a_state_is_one_operators_own(pages: Pages, outside: Outside) -> None:
    use(OPERATORS=[DARA.id, EVE.id])
    state = state_on(pages.signed_in(DARA))
    assert pages.signed_in(EVE).get(f"{BACK}?code=c&state={state}").status_code == 422


def test_it_needs_somebody_who_has_just_signed_in(pages: Pages, outside: Outside) -> None:
    dara = pages.signed_in(DARA)
    state = state_on(dara)
    with transaction() as session:
        long_ago = clock.real_now() - timedelta(hours=1)
        session.execute(update(LoginSession).values(signed_in_at=long_ago))
    assert "Sign in again" in dara.get(PATH).text
    assert "settings/apps/new" not in dara.get(PATH).text
    answer = dara.get(f"{BACK}?code=c&state={state}")
    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (303, True)
    assert pages.world.rows(ForgeApp) == []


def test_keys_that_never_arrive_are_said_and_the_app_in_use_stays(pages: Pages, outside: Outside, folder: Path) -> None:
    dara = pages.signed_in(DARA)
    outside.forge.fail["create_app"] = [OutsideGone("code")]
    answer = dara.get(f"{BACK}?code=c&state={state_on(dara)}")
    assert answer.status_code == 422
    assert "Delete the App on GitHub" in answer.text
    assert [row.forge_id for row in pages.world.rows(ForgeApp)] == [None]
    assert not folder.exists()
