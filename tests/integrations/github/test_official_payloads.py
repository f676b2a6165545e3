"""GitHub's own example payloads, all of them: acknowledged, handled, and one effect however often they are sent."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bountyhub.bot.handlers import HANDLERS
from tests.integrations.github.github_sandbox import GitHub
from tests.integrations.github.hub import Hub
from tests.integrations.github.official import scene
from tests.integrations.github.official.cases import (
    ANYTHING_ELSE,
    Case,
    of_claim,
    of_installation,
    of_project,
    of_repository,
    of_task,
)
from tests.integrations.github.official.payloads import examples
from tests.integrations.github.official.scene import CODERS, OCTOCATS
from tests.integrations.github.official.table import CASES, lines

#: What the published payloads change together, once something has happened in each account they speak of.
EFFECTS = (
    of_task("title", "revision", "labels") + of_claim("head_sha") + of_repository(CODERS, "name")
    + of_project(CODERS, "name") + of_installation(2, "removed_at") + of_repository(OCTOCATS, "installation_id")
)  # fmt: skip
NEEDED = {
    "issues": {"opened", "edited", "closed", "reopened", "labeled", "unlabeled", "transferred", "deleted"},
    "pull_request": {
        "opened", "edited", "synchronize", "ready_for_review", "converted_to_draft", "closed (unmerged)",
        "closed (merged)", "reopened",
    },
    "issue_comment": {"created"},
    "installation": {"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"},
    "installation_repositories": {"added", "removed"},
    "installation_target": {"renamed"},
    "repository": {"renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized"},
}  # fmt: skip


@pytest.fixture
def seeded(github: GitHub, sqlite: str) -> Hub:
    """An instance beside the world of the payloads, with the App installed nowhere."""
    assert sqlite
    hub = Hub.begin(github)
    scene.seed(hub)
    return hub


def send(hub: Hub, event: str, payload: dict[str, object], delivery: str, times: int = 3) -> None:
    assert {hub.post(event, payload, delivery) for _ in range(times)} == {202}
    hub.work()


def test_all_published_payloads_are_handled_and_have_one_effect(seeded: Hub) -> None:
    scene.install_everywhere(seeded)
    former, before, sent = EFFECTS.values(), len(seeded.inbox()), examples()
    assert len(sent) >= 329
    scene.happen_unheard(seeded)
    assert EFFECTS.values() == former
    for one in sent:
        send(seeded, one.event, one.payload, f"{one.event}-{one.number}")
    stored = seeded.inbox()[before:]
    assert Counter(event.event for event in stored) == Counter(one.event for one in sent)
    assert all(event.handled_at for event in stored)
    assert [name for name, then, now in zip(EFFECTS.names, former, EFFECTS.values(), strict=True) if then == now] == []
    once = scene.snapshot()
    for one in sent:
        if one.event in HANDLERS:
            send(seeded, one.event, one.payload, f"{one.event}-{one.number}-again", times=1)
    assert scene.snapshot() == once


def test_in_any_order_and_thrice_they_are_acknowledged_handled_and_lead_to_the_same(seeded: Hub) -> None:
    scene.install_everywhere(seeded)
    scene.happen_unheard(seeded)
    seed = random.randrange(10**6)
    sent = [one for one in examples() for _ in range(3)]
    random.Random(seed).shuffle(sent)
    answers = {seeded.post(one.event, one.payload, f"{one.event}-{one.number}") for one in sent}
    assert answers == {202}, seed
    seeded.work()
    assert all(event.handled_at for event in seeded.inbox()), seed
    once = scene.snapshot()
    for event in sorted(HANDLERS):
        for one in examples():
            if one.event == event:
                send(seeded, event, one.payload, f"{event}-{one.number}-again", times=1)
    assert scene.snapshot() == once, seed


def test_nothing_follows_from_any_other_action(seeded: Hub) -> None:
    scene.install_everywhere(seeded)
    named = {case.name.partition(" ")[0] for case in CASES}
    untouched = scene.snapshot()
    others = [one for one in examples() if f"{one.event}.{one.action}" not in named]
    assert {"issues.pinned", "issues.locked", "push."} <= {f"{one.event}.{one.action}" for one in others}
    for one in others:
        assert seeded.post(one.event, one.payload, f"{one.event}-{one.number}") == 202
    seeded.work()
    now = scene.snapshot()
    asked = set(now.pop("asked")) - set(untouched.pop("asked"))
    assert {name for _, name in asked} <= {"forge.read_person"}  # a payload calls somebody by another's login
    assert now == untouched


def is_as_expected(name: str, former: object, value: object, expected: object) -> bool:
    return value != former and expected in (value, ANYTHING_ELSE)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_event_changes_its_row_once(seeded: Hub, case: Case) -> None:
    case.before(seeded)
    seeded.work()
    untouched, former = scene.snapshot(), case.read.values()
    send(seeded, case.event, case.payload(), "before-it-happened")
    case.happens(seeded)
    seeded.lose_deliveries()
    assert scene.snapshot() == untouched
    send(seeded, case.event, case.payload(), "the-delivery")
    changed = zip(case.read.names, former, case.read.values(), case.expected, strict=True)
    assert [each for each in changed if not is_as_expected(*each)] == []
    once = scene.snapshot()
    send(seeded, case.event, case.payload(), "the-delivery")
    send(seeded, case.event, case.payload(), "the-same-once-more", times=1)
    assert scene.snapshot() == once


def test_the_table_names_every_event_that_matters(capsys: pytest.CaptureFixture[str]) -> None:
    named = {case.name for case in CASES}
    assert {f"{event}.{action}" for event, actions in NEEDED.items() for action in actions} <= named
    with capsys.disabled():
        print("\n" + "\n".join(lines()))
