"""The label of funded issues, and that everything the bot does is written down."""

from __future__ import annotations

import requests
from sqlalchemy import select

from bountyhub.kit.database import reading
from bountyhub.projects.models import BotAction
from bountyhub.work.models import LabelState
from tests.integrations.github.hub import Hub


def labels(hub: Hub, number: int = 1) -> list[str]:
    url = f"{hub.github.url}/github/api/v3/repos/ana/inkwell/issues/{number}/labels"
    return [item["name"] for item in requests.get(url, timeout=10).json()]


def written(hub: Hub) -> list[tuple[int, str]]:
    with reading() as session:
        return [(row.number, str(row.what)) for row in session.scalars(select(BotAction).order_by(BotAction.id))]


# ---------------------------------------------------------------- the label


def test_the_label_is_put_on_while_money_is_held(hub: Hub) -> None:
    task = hub.open_task()
    before = labels(hub)
    hub.fund(task)
    hub.work()
    assert labels(hub) == before
    hub.label_funded()
    assert sorted(labels(hub)) == sorted([*before, "funded"])
    hub.label_funded(on=False)
    assert labels(hub) == before
    assert [what for _, what in written(hub)].count("label") == 1


def test_a_label_that_is_there_already_stays_as_it_is(hub: Hub) -> None:
    url = f"{hub.github.url}/github/api/v3/repos/ana/inkwell/labels/funded"
    task = hub.open_task()
    hub.do("label", number=1, name="Funded")
    before = requests.get(url, timeout=10).json()
    hub.fund(task)
    hub.label_funded()
    assert hub.status(task).comment.label is LabelState.THEIRS
    hub.label_funded(on=False)
    assert "Funded" in labels(hub)
    assert requests.get(url, timeout=10).json() == before


def test_a_label_that_was_taken_off_stays_off(hub: Hub) -> None:
    task = hub.open_task()
    hub.label_funded()
    hub.fund(task)
    hub.work()
    hub.deliver()
    assert hub.status(task).comment.label is LabelState.OURS
    hub.do("unlabel", number=1, name="funded")
    hub.fund(task)
    hub.work()
    assert "funded" not in labels(hub)


# ---------------------------------------------------------------- written down


def test_every_action_is_written_down_with_its_reason(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    hub.work()
    number = hub.pull()
    hub.deliver()
    comment = hub.comment(number, "/claim nonsense", "bo")
    assert written(hub)[:2] == [(1, "comment"), (1, "edit")]
    assert {(number, "check_run"), (number, "reaction"), (number, "reply")} <= set(written(hub))
    with reading() as session:
        rows = session.scalars(select(BotAction)).all()
    assert all(row.why and "@" not in row.why for row in rows)
    assert [row.why for row in rows if row.forge_id == comment] == ["Commands: /claim."]
