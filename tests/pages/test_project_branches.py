"""The list of branches on a project's page: who sees it, who changes it, and what was typed is kept."""

from __future__ import annotations

import pytest

from bountyhub.projects.models import Project
from tests.builders.world import ANA, BO, CLEO, EVE
from tests.pages.conftest import Pages, words

PEOPLE = {"ana": ANA, "bo": BO, "cleo": CLEO, "eve": EVE}


@pytest.fixture
def project(pages: Pages) -> str:
    pages.know_roles()
    return f"/projects/{pages.world.rows(Project)[0].id}"


@pytest.mark.parametrize(("name", "may"), [("ana", True), ("eve", True), ("bo", False), ("cleo", False), ("", False)])
def test_who_changes_the_list(pages: Pages, project: str, name: str, may: bool) -> None:
    someone = pages.signed_in(PEOPLE[name]) if name else pages.stranger()
    assert (f"{project}/branches" in someone.buttons(project)) is may
    someone.post(f"{project}/branches", branches="stable")
    assert pages.world.rows(Project)[0].branches == (["stable"] if may else [])


def test_everybody_reads_where_merges_pay(pages: Pages, project: str) -> None:
    pages.signed_in(ANA).post(f"{project}/branches", branches="stable\n2.x")
    assert "main (default), stable , 2.x" in pages.stranger().reads(project)


def test_a_wrong_name_is_kept_and_explained(pages: Pages, project: str) -> None:
    answer = pages.signed_in(ANA).post(f"{project}/branches", branches="stable\nrelease/*")
    assert answer.status_code == 422
    assert "“release/*” is not the name of a branch" in words(answer)
    assert "stable\nrelease/*" in answer.text
    assert "<details open>" in answer.text
    assert pages.world.rows(Project)[0].branches == []


def test_saving_twice_is_saving_once(pages: Pages, project: str) -> None:
    ana = pages.signed_in(ANA)
    assert {ana.post(f"{project}/branches", branches="stable").status_code for _ in range(2)} == {303}
    assert pages.world.actions("project") == ["branches_listed"]
