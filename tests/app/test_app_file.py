"""Settings of an App that was made from the desk: kept in a file, weaker than the environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bountyhub.settings import SettingsError, app_file, load
from tests.builders.settings import play_settings

APP = {name: f"the {name}" for name in app_file.NAMES} | {"GITHUB_APP_ID": "4711"}


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in app_file.NAMES:
        monkeypatch.delenv(name, raising=False)


def loaded() -> dict[str, str]:
    given = play_settings().model_dump(exclude_defaults=True)
    ours = load(**{name: value for name, value in given.items() if name not in app_file.NAMES})
    return {"id": ours.GITHUB_APP_ID, "key": ours.GITHUB_APP_PRIVATE_KEY.get_secret_value()}


def test_what_was_kept_is_used_at_the_next_start(tmp_path: Path) -> None:
    app_file.write(APP)
    assert loaded() == {"id": "4711", "key": "the GITHUB_APP_PRIVATE_KEY"}
    assert stat.S_IMODE((tmp_path / app_file.FILE).stat().st_mode) == 0o600


def test_the_environment_counts_more_and_is_never_mixed_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    app_file.write(APP)
    monkeypatch.setenv("GITHUB_APP_ID", "1")
    with pytest.raises(SettingsError, match="GITHUB_APP_PRIVATE_KEY"):
        loaded()


def test_a_former_apps_keys_are_kept_beside(tmp_path: Path) -> None:
    app_file.write(APP)
    app_file.write(APP | {"GITHUB_APP_ID": "4712"})
    assert loaded()["id"] == "4712"
    assert sorted(path.name for path in tmp_path.iterdir()) == [app_file.FILE, f"{app_file.FILE}.4711"]


def test_without_any_app_nothing_starts_unless_the_environment_says_that_there_is_none_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SettingsError, match="GITHUB_APP_ID"):
        loaded()
    monkeypatch.setenv("GITHUB_APP_ID", app_file.NONE_YET)
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    first = loaded()
    assert (first["id"], first) == ("0", loaded())
    app_file.write(APP)
    assert loaded()["id"] == "4711"


@pytest.mark.parametrize("text", ["", "[]", '{"GITHUB_APP_ID": "1"}', "no json"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / app_file.FILE).write_text(text)
    with pytest.raises(SettingsError, match=app_file.FILE):
        loaded()
