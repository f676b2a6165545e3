"""The App made from a manifest on the stand-in: two clicks there and back, one exchange for each code."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.integrations.github.manifest import manifest
from bountyhub.ports.errors import OutsideGone
from tests.integrations.github.github_sandbox import APP_ID, GitHub, settings_for


def made(github: GitHub, text: str) -> requests.Response:
    """The form's post, a person chosen, GitHub's own button."""
    browser = requests.Session()
    browser.post(f"{github.url}/github/switch", data={"login": "olga"}, timeout=10)
    asked = browser.post(f"{github.url}/github/settings/apps/new?state=abc", data={"manifest": text}, timeout=10)
    if asked.status_code != 200:
        return asked
    assert "checks: write" in asked.text
    return browser.post(
        f"{github.url}/github/settings/apps/create", data={"manifest": text, "state": "abc"}, timeout=10,
        allow_redirects=False,
    )  # fmt: skip


def test_the_way_there_and_back_gives_the_apps_keys_once(github: GitHub) -> None:
    ours = settings_for(github)
    answer = made(github, manifest(ours, "bountyhub"))
    back = urlsplit(answer.headers["Location"])
    given = parse_qs(back.query)
    assert (answer.status_code, back.path, given["state"]) == (303, "/operator/github/created", ["abc"])
    forge = GitHubForge(ours, lambda _: None)
    app = forge.create_app(given["code"][0])
    assert (app.id, app.slug) == (APP_ID, "bountyhub")
    assert "BEGIN" in app.private_key
    assert "BEGIN" not in repr(app)
    with pytest.raises(OutsideGone):
        forge.create_app(given["code"][0])


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_a_manifest_that_is_none_is_refused(github: GitHub, text: str) -> None:
    assert made(github, text).status_code == 422


def test_a_way_back_that_leads_elsewhere_is_refused(github: GitHub) -> None:
    ours = settings_for(github).model_copy(update={"PUBLIC_URL": "https://elsewhere.example"})
    assert made(github, manifest(ours, "bountyhub")).status_code == 422
