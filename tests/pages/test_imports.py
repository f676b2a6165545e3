"""Choosing issues and watching an import: the preview, the buttons, the record, and labels that are followed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideGone, OutsideUnavailable, RetryAt
from bountyhub.ports.forge import ForgePerson
from bountyhub.tasks.imports.models import FollowedLabel, ImportItem, IssueImport
from bountyhub.tasks.models import Task
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, issue
from tests.pages.conftest import Pages, Someone
from tests.pages.test_double_clicks import rows
from tests.tasks.imports_world import Importing

ISSUES = "/projects/1/issues"
IMPORTS = "/projects/1/imports"


@pytest.fixture
def ana(pages: Pages) -> Someone:
    pages.know_roles()
    shown = pages.forge.issues
    shown |= {16: issue(16, is_pull_request=True), 17: issue(17, locked=True), 18: issue(18, labels=("bug",))}
    return pages.signed_in(ANA)


def begin(someone: Someone, nonce: str = "n1", **chosen: Any) -> Any:
    return someone.post(IMPORTS, nonce=nonce, **(chosen or {"label": "enhancement"}))


def finish(pages: Pages) -> None:
    Importing(pages.world, pages.outside).finish()


def test_the_preview_counts_and_names_what_is_left_out(pages: Pages, ana: Someone) -> None:
    words = ana.reads(f"{ISSUES}?label=enhancement")
    assert "Would become tasks 3 Tasks already 1 Left out 2" in words
    assert "1 left out: It is a pull request." in words
    assert "Make 3 tasks" in words


def test_the_list_is_narrowed_by_label_and_pull_requests_are_not_in_it(pages: Pages, ana: Someone) -> None:
    text = ana.get(f"{ISSUES}?label=bug").text
    assert re.findall(r'name="number" value="(\d+)"', text) == ["18"]
    assert 'value="16"' not in ana.get(f"{ISSUES}?label=enhancement").text


def test_a_label_is_imported_and_the_page_tells_how_it_went(pages: Pages, ana: Someone) -> None:
    answer = begin(ana)
    assert (answer.status_code, answer.location) == (303, f"{IMPORTS}/1")
    words = ana.reads(f"{IMPORTS}/1")
    assert "Asking GitHub" in words and "begun by ana" in words
    assert 'http-equiv="refresh"' in ana.get(f"{IMPORTS}/1").text
    finish(pages)
    words = ana.reads(f"{IMPORTS}/1")
    assert "6 of 6 issues looked at." in words
    assert "Became tasks 3 Tasks already 1 Left out 2" in words
    assert "#17 Its conversation is locked" in words
    text = ana.get(f"{IMPORTS}/1").text
    assert "data-live-done" in text and 'http-equiv="refresh"' not in text
    assert "label “enhancement”" in pages.signed_in(EVE).reads("/projects/1/desk")


def test_ticked_issues_and_a_milestone(pages: Pages, ana: Someone) -> None:
    ana.client.post(IMPORTS, data={"chosen": "ticked", "nonce": "a", "number": ["13", "14", "0", "x"]})
    finish(pages)
    assert {item.number for item in pages.world.rows(ImportItem)} == {13, 14}
    assert begin(ana, "b", milestone="3").status_code == 303
    finish(pages)
    assert "milestone “Three”" in ana.reads(f"{IMPORTS}/2")


def test_a_label_within_a_milestone_is_previewed_and_imported_as_both(pages: Pages, ana: Someone) -> None:
    assert "All with label “bug” in milestone 3" in ana.reads(f"{ISSUES}?label=bug&milestone=3")
    begin(ana, label="bug", milestone="3")
    [row] = pages.world.rows(IssueImport)
    assert (row.chosen, row.name, row.milestone) == ("label", "bug", 3)
    assert "label “bug” in milestone 3" in ana.reads(f"{IMPORTS}/1")


@pytest.mark.parametrize(
    "typed", [{"milestone": "99"}, {"chosen": "ticked"}, {"label": ""}, {"chosen": "ticked", "number": "no"}]
)
def test_nothing_chosen_is_said_on_the_page(pages: Pages, ana: Someone, typed: dict[str, str]) -> None:
    answer = ana.post(IMPORTS, nonce="n1", **typed)
    assert answer.status_code == 422
    assert "Choose a label or a milestone, or tick issues" in answer.text and "Issues of ana/inkwell" in answer.text
    assert pages.world.rows(IssueImport) == []


def test_a_form_without_its_number_is_too_old(ana: Someone) -> None:
    answer = begin(ana, nonce="")
    assert answer.status_code == 400 and "Reload the page" in answer.text


def test_pressed_twice_it_is_one_import(pages: Pages, ana: Someone) -> None:
    seen = []
    for _ in range(2):
        seen.append((begin(ana).location, rows()))
    assert seen[0] == seen[1]
    assert len(pages.world.rows(IssueImport)) == 1
    assert begin(pages.signed_in(EVE), nonce="n2").location == seen[0][0]


def test_another_choice_meanwhile_is_refused_with_what_to_do(pages: Pages, ana: Someone) -> None:
    begin(ana)
    answer = begin(ana, nonce="n2", label="bug")
    assert answer.status_code == 409 and "Wait until it is done, or stop it" in answer.text


def test_a_maintainer_stops_it_twice(pages: Pages, ana: Someone) -> None:
    begin(ana)
    eve = pages.signed_in(EVE)
    assert f"{IMPORTS}/1/stop" in eve.buttons(f"{IMPORTS}/1")
    for _ in range(2):
        assert eve.post(f"{IMPORTS}/1/stop").status_code == 303
    assert "A maintainer stopped it." in ana.reads(f"{IMPORTS}/1")
    assert pages.world.actions("import") == ["import_begun", "import_stopped"]
    finish(pages)
    assert len(pages.world.rows(Task)) == 1


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_begins_stops_or_follows(pages: Pages, ana: Someone, who: ForgePerson) -> None:
    begin(ana)
    someone = pages.signed_in(who)
    for path in (IMPORTS, f"{IMPORTS}/1/stop", "/projects/1/labels"):
        assert someone.post(path, nonce="n9", label="801", on="1").status_code == 403, path
    assert someone.get(f"{IMPORTS}/1").status_code == 403
    assert pages.world.rows(IssueImport)[0].state == "listing"
    assert pages.world.rows(FollowedLabel) == []


def test_an_import_of_another_project_is_not_there(pages: Pages, ana: Someone) -> None:
    begin(ana)
    for path in ("/projects/1/imports/999", "/projects/999/imports/1"):
        assert ana.get(path).status_code == 404, path
        assert ana.post(f"{path}/stop").status_code == 404, path


def test_a_wait_that_the_forge_asks_for_is_shown(pages: Pages, ana: Someone) -> None:
    begin(ana)
    pages.forge.fail["open_items"] = [RetryAt("limit", clock.real_now().replace(year=2100))]
    Importing(pages.world, pages.outside).slice()
    assert "GitHub asks us to wait" in ana.reads(f"{IMPORTS}/1")


def test_a_forge_that_is_away_or_shows_nothing(pages: Pages, ana: Someone) -> None:
    pages.forge.fail["open_items"] = [OutsideUnavailable("away"), OutsideGone("gone")]
    assert ana.get(f"{ISSUES}?label=bug").status_code == 503
    assert ana.get(f"{ISSUES}?label=bug").status_code == 404


def test_titles_and_labels_are_text(pages: Pages, ana: Someone) -> None:
    pages.forge.issues[19] = replace(issue(19), title="<b>x</b>", labels=("<i>bug</i>",))
    text = ana.get(f"{ISSUES}?label=%3Ci%3Ebug%3C/i%3E").text
    assert "<b>x</b>" not in text and "<i>bug</i>" not in text and "&lt;b&gt;x&lt;/b&gt;" in text


def test_a_label_is_followed_and_let_go_twice(pages: Pages, ana: Someone) -> None:
    label = next(one.id for one in pages.forge.labels(0) if one.name == "bug")
    for on, left in (("1", ["bug"]), ("0", [])):
        for _ in range(2):
            assert ana.post("/projects/1/labels", label=str(label), on=on).status_code == 303
        assert [row.name for row in pages.world.rows(FollowedLabel)] == left
        assert ("Stop following" in ana.get(ISSUES).text) is (on == "1")
    assert ana.post("/projects/1/labels", label="4", on="1").status_code == 404


def test_the_record_takes_the_same_number_of_queries_whatever_was_imported(pages: Pages, ana: Someone) -> None:
    counts: list[int] = []
    for nonce, label in (("a", "bug"), ("b", "enhancement")):
        begin(ana, nonce, label=label)
        finish(pages)
        counts.append(pages.count(ana, f"{IMPORTS}/{len(counts) + 1}"))
    assert counts[0] == counts[1]
    with transaction() as session:
        assert session.get_one(IssueImport, 1).state == "done"
