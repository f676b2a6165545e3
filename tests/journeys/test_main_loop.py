"""The loop in a real browser: an issue is funded, the pull request merged, the developer paid; also without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import visitor
from tests.journeys.site import Site, running_site, until

REPOSITORY = "ana/inkwell"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An instance of its own for each run: nothing is installed or connected yet."""
    with running_site(tmp_path) as running:
        yield running


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_an_issue_is_funded_merged_and_paid(chromium: Browser, site: Site, javascript: bool) -> None:
    issue = _issue(site, f"Export as PDF {'with' if javascript else 'without'} scripts")
    with visitor(chromium, site, javascript=javascript) as ana:
        ana.sign_in("ana")
        ana.install_app(REPOSITORY)
        ana.follow("Make tasks from issues")
        ana.page.locator("tr", has_text=f"#{issue} ").get_by_role("button", name="Make a task").click()
        task = ana.task_here()
        ana.sees("Nobody has funded this yet")

    with visitor(chromium, site, javascript=javascript) as cleo:
        cleo.fund(task, "50", email=f"cleo{issue}@example.org")
        cleo.sees("Thank you. 50 € are held")
        assert site.task(task)["held"] == {"amount_minor": 5000, "currency": "EUR"}
        until(lambda: site.mails(f"cleo{issue}@example.org"), "the receipt is in the mail")
        link = re.search(r"http\S+/c/\S+", site.mails(f"cleo{issue}@example.org")[0]["text"])
        assert link is not None
        cleo.page.goto(link[0])
        cleo.sees("Take it back")

    with visitor(chromium, site, javascript=javascript) as dara:
        dara.sign_in("dara")
        dara.fund(task, "25", anonymous=True)
        dara.open(f"/tasks/{task}?tab=contributions")
        dara.sees("Anonymous")
        assert "dara" not in dara.page.locator("main").inner_text()

    with visitor(chromium, site, javascript=javascript) as bo:
        bo.sign_in("bo")
        bo.connect_payout_account()
        pull = bo.open_pull_request(REPOSITORY, issue, f"Build it for #{issue}")
        bo.waits_for(f"/tasks/{task}", f"When a maintainer merges #{pull}, 75 € go to @bo.")
        until(lambda: site.task(task)["claims"][0]["shown_at"], "the link is shown on the pull request")

    with visitor(chromium, site, javascript=javascript) as ana:
        ana.sign_in("ana")
        ana.page.goto(f"{site.sandbox}/github/{REPOSITORY}/pull/{pull}")
        ana.page.get_by_text(f"Merging this releases 75 € of #{issue} to @bo").wait_for()
        ana.merge(REPOSITORY, pull)
        ana.waits_for(f"/tasks/{task}", "Paid 75 € to @bo")
        ana.sees("Completed")

    assert site.task(task)["totals"]["paid"]["amount_minor"] == 7500
    until(lambda: any("Paid" in mail["subject"] for mail in site.mails("bo@example.test")), "Bo is told by mail")


def _issue(site: Site, title: str) -> int:
    made = site.github("open_issue", repo=REPOSITORY, title=title, body="Please.", **{"as": "eve"})
    return int(made["number"])
