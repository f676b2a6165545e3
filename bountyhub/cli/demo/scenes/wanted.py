"""The issue of a repository without the App: wanted, takes interest but no money, until a maintainer opens it."""

from __future__ import annotations

from collections.abc import Iterator

from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.demo.stage import Stage

STORY = "wanted task"


def wanted(stage: Stage) -> Iterator[int]:
    """Somebody pastes it, its maintainer opens it later."""
    dara, eve = stage.person("dara"), stage.person("eve")
    with stage.step(STORY, "Dara pastes an issue of a repository without the App: wanted, and it takes no money"):
        task = dara.make_task(stage, f"{dara.github}/eve/almanac/issues/1")
        task.wait_for("wanted")
        page = dara.browser.open(task.path)
        if any(form.action.endswith("/fund") for form in page.forms):
            raise DemoFailed("a wanted task has a fund form")
        dara.browser.open(f"{task.path}/fund").require("No money is taken until a maintainer opens this task")
    with stage.step(STORY, "she says that she wants it, and it is counted"):
        dara.browser.press(page, "I want this")
        if task.seen()["interested"] != 1:
            raise DemoFailed("her interest was not counted")
    with stage.step(STORY, "Eve installs the App and opens the task: now it takes money"):
        eve.install_app()
        eve.browser.press(eve.browser.open(task.path), "Open it to funding")
        task.wait_for("open")
        stage.visitor.open(task.path).button("Fund", to="/fund")
        task.same_everywhere()
    yield from ()
