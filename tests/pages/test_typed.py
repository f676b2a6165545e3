"""Addresses and texts that no database could be asked with are not found or made harmless, never an accident."""

from __future__ import annotations

import pytest

from tests.builders.world import ANA, CLEO
from tests.pages.conftest import Pages

HUGE = 10**30


@pytest.mark.parametrize(
    "path",
    [
        f"/tasks/{HUGE}", f"/tasks/{HUGE}/fund", f"/claims/{HUGE}", f"/contributions/{HUGE}", f"/projects/{HUGE}",
        f"/projects/{HUGE}/issues", f"/api/v1/tasks/{HUGE}", "/paid/a%00b", "/c/a%00b", "/sign-in/link/a%00b",
    ],
)  # fmt: skip
def test_impossible_addresses_are_not_found(pages: Pages, path: str) -> None:
    assert pages.signed_in(CLEO).get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/projects?after={HUGE}", "/projects?after=-1", f"/projects/1/issues?page={HUGE}&repository={HUGE}",
        "/tasks?q=a%00b", "/api/v1/tasks?q=a%00b", "/tasks/1?tab=%00&amount=%00", "/tasks/new?issue_url=%00",
        "/sign-in?next=/%00",
    ],
)  # fmt: skip
def test_impossible_questions_are_answered_sensibly(pages: Pages, path: str) -> None:
    assert pages.signed_in(ANA).get(path).status_code in (200, 303)


def test_texts_are_kept_without_nul(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.signed_in(ANA).post(f"/tasks/{pages.world.task_id}/cancel", reason="Not\x00 now")
    assert pages.world.read_task().ends_note == "Not now"
    assert pages.stranger().post("/tasks/1/fund", amount="\x00", email="a\x00@b.de").status_code == 422


def test_texts_of_any_script_and_length(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    assert ana.post(f"/tasks/{pages.world.task_id}/cancel", reason="日本 🎉 " * 500).status_code == 303
    assert len(pages.world.read_task().ends_note) == 500
