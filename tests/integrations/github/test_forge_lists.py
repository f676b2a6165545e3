"""What a repository lists for its maintainers to choose from: labels, milestones, and what is open with or in them."""

from __future__ import annotations

import pytest

from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge_lists import Narrowed
from bountyhub.sandbox.github import seed_many
from tests.integrations.github.conftest import Inkwell


def numbers(inkwell: Inkwell, narrowed: Narrowed, page: int = 1) -> list[int]:
    return [item.number for item in inkwell.forge.open_items(inkwell.id, page, narrowed)]


def test_labels_with_their_numbers(inkwell: Inkwell) -> None:
    inkwell.github.do("label", repo="ana/inkwell", number=1, name="bounty")
    found = {label.name: label.id for label in inkwell.forge.labels(inkwell.id)}
    assert {"bug", "help wanted", "bounty"} <= set(found)
    assert len(set(found.values())) == len(found)


def test_open_milestones(inkwell: Inkwell) -> None:
    assert inkwell.forge.milestones(inkwell.id) == []
    for title in ("2.4", "3.0"):
        inkwell.github.do("create_milestone", repo="ana/inkwell", title=title)
    assert [(one.number, one.title) for one in inkwell.forge.milestones(inkwell.id)] == [(1, "2.4"), (2, "3.0")]


def test_what_is_open_with_a_label_or_in_a_milestone(inkwell: Inkwell) -> None:
    inkwell.github.do("create_milestone", repo="ana/inkwell", title="3.0")
    for number in (1, 4):
        inkwell.github.do("put_into_milestone", repo="ana/inkwell", number=number, milestone=1)
    inkwell.github.do("close", repo="ana/inkwell", number=3)
    assert numbers(inkwell, Narrowed()) == [5, 4, 2, 1]
    assert numbers(inkwell, Narrowed(label="bug")) == [2]
    assert numbers(inkwell, Narrowed(milestone=1)) == [4, 1]
    inkwell.github.do("put_into_milestone", repo="ana/inkwell", number=4)
    assert numbers(inkwell, Narrowed(milestone=1)) == [1]


def test_pull_requests_and_locked_issues_are_listed_and_say_so(inkwell: Inkwell) -> None:
    made = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    inkwell.github.do("lock", repo="ana/inkwell", number=2)
    found = {item.number: item for item in inkwell.forge.open_items(inkwell.id, 1, Narrowed())}
    assert found[made["number"]].is_pull_request and not found[1].is_pull_request
    assert found[2].locked and not found[1].locked


def test_a_label_with_a_comma_is_left_to_the_caller(inkwell: Inkwell) -> None:
    assert numbers(inkwell, Narrowed(label="bug, bad")) == [5, 4, 3, 2, 1]


def test_the_seeded_repository_to_import_from(inkwell: Inkwell) -> None:
    inkwell.github.do("install", account="ana", repos=["ana/mosaic"])
    mosaic = inkwell.github.repository("ana/mosaic")
    inkwell.installations[mosaic] = inkwell.installation
    pages = [inkwell.forge.open_items(mosaic, page, Narrowed()) for page in (1, 2)]
    assert [len(page) for page in pages] == [100, seed_many.HOW_MANY - 100]
    assert len({item.id for page in pages for item in page}) == seed_many.HOW_MANY
    welcome = inkwell.forge.open_items(mosaic, 1, Narrowed(label=seed_many.LABELS[0]))
    assert len(welcome) == 40 and any(item.locked for item in pages[0])
    inside = [inkwell.forge.open_items(mosaic, 1, Narrowed(milestone=number)) for number in (1, 2)]
    assert [len(items) for items in inside] == [15, 15]


@pytest.mark.nonsense
def test_a_repository_that_is_gone_lists_nothing(inkwell: Inkwell) -> None:
    inkwell.github.do("delete_repository", repo="ana/inkwell")
    for ask in (inkwell.forge.labels, inkwell.forge.milestones):
        with pytest.raises(OutsideGone):
            ask(inkwell.id)
