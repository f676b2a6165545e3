"""Terms, privacy and imprint: the program's own or the operator's, with what the settings say put in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bountyhub import settings, wiring
from bountyhub.cli.doctor_legal import LEGAL
from bountyhub.kit.texts import BadText, legal_text
from bountyhub.settings import SettingsError
from tests.builders.settings import play_settings
from tests.pages.conftest import Pages

OURS = {"LEGAL_NAME": "Bounties e.V.", "LEGAL_ADDRESS": "Weg 1; 10115 Berlin", "LEGAL_CONTACT": "hello@example.org"}


def own(folder: Path, text: str, name: str = "terms") -> None:
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    settings.use(play_settings(LEGAL_DIR=str(folder)))


def test_the_programs_own_terms_say_the_operators_figures(pages: Pages) -> None:
    settings.use(play_settings(COOLING_OFF_DAYS=20, HOLD_DAYS=60, LEGAL_BASIS="Held by a bank.", **OURS))
    said = pages.stranger().reads("/legal/terms")
    assert "Within 20 days of paying" in said and "60 days after paying" in said
    assert "Held by a bank." in said and "Bounties e.V." in said and "{" not in said


def test_the_operators_own_terms_take_their_place_and_nothing_else_does(pages: Pages, tmp_path: Path) -> None:
    own(tmp_path, "Version: 7\n\n# Ours\n\n<script>alert(1)</script> Pay {name}.\n")
    answer = pages.stranger().get("/legal/terms")
    assert "Version 7" in answer.text and "Pay the operator of this site." in answer.text
    assert "<script>alert" not in answer.text
    assert "What is kept" in pages.stranger().reads("/legal/privacy")


@pytest.mark.parametrize("text", ["", "No version", "Version:\n\ntext", "Version: 123456789012345678901\ntext",
                                  "Version: 1\n\n"])  # fmt: skip
def test_a_text_without_a_version_is_refused(pages: Pages, tmp_path: Path, text: str) -> None:
    own(tmp_path, text)
    with pytest.raises(BadText, match=r"terms\.md"):
        legal_text("terms")


def test_new_terms_are_agreed_to_by_whoever_pays_after_them(pages: Pages, tmp_path: Path) -> None:
    before = pages.world.pay()
    own(tmp_path, "Version: 7\n\nOurs.\n")
    after = pages.world.pay()
    assert (before.terms_version, after.terms_version) == ("2026-11", "7")
    assert "version 7" in pages.stranger().reads("/tasks/1/fund")


def test_the_imprint_names_the_operator(pages: Pages) -> None:
    assert "has not said who they are" in pages.stranger().reads("/legal/imprint")
    settings.use(play_settings(**OURS))
    said = pages.stranger().reads("/legal/imprint")
    assert "Bounties e.V. Weg 1 10115 Berlin hello@example.org" in said


def test_there_are_no_other_texts(pages: Pages) -> None:
    assert pages.stranger().get("/legal/text").status_code == 404
    assert pages.stranger().get("/legal/..%2Fbase").status_code == 404


def test_the_doctor_asks_a_public_instance_for_all_of_it(pages: Pages, tmp_path: Path) -> None:
    assert asked() == {"operator": False, "legal basis": False, "terms": False, "tax": True}
    for name in ("terms", "privacy"):
        own(tmp_path, "Version: 1\n\nOurs.\n", name)
    taxed = {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": 20}}
    settings.use(play_settings(LEGAL_DIR=str(tmp_path), LEGAL_BASIS="Because.", **OURS, **taxed))
    assert asked() == {"operator": True, "legal basis": True, "terms": True, "tax": False}


def asked() -> dict[str, bool]:
    return {name: check(settings.current())[0] for name, check in LEGAL.items()}


def test_a_text_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "terms.md").write_text("No version", encoding="utf-8")
    settings.use(play_settings(LEGAL_DIR=str(tmp_path)))
    with pytest.raises(SettingsError, match="LEGAL_DIR"):
        wiring.check_texts()
