"""Many commands at once: each comment gets its reaction, few get words, and a repeated delivery counts once."""

from __future__ import annotations

import pytest

from bountyhub import settings
from bountyhub.kit.database import reading
from bountyhub.work.models_commands import CommandComment
from bountyhub.work.operations.command_limits import why_too_many
from bountyhub.work.rules_commands import BY_PERSON, TooMany
from tests.builders.world import comment
from tests.integrations.github.hub import Hub


@pytest.fixture
def limited(hub: Hub) -> Hub:
    """An instance that counts."""
    settings.use(settings.current().model_copy(update={"RATE_LIMITS": True}))
    return hub


def burst(hub: Hub, bodies: list[str], by: str = "dara") -> list[int]:
    """Comments that are all there before the first is handled; their ids."""
    made = [
        int(hub.github.do("comment", repo="ana/inkwell", number=1, body=body, **{"as": by})["id"]) for body in bodies
    ]
    hub.deliver(times=2)
    return made


def test_a_burst_gets_a_reaction_each_and_few_words(limited: Hub) -> None:
    limited.open_task()
    before = len(limited.said(1))
    made = burst(limited, ["/bountyhub help"] * (BY_PERSON + 4))
    reactions = sorted(limited.reactions(one) for one in made)  # GitHub's deliveries have no order
    assert reactions == [["+1"]] * BY_PERSON + [["eyes"]] * 4
    assert len(limited.said(1)) - len(made) - before == BY_PERSON
    assert limited.reactions(limited.comment(1, "/bounty 5 EUR", "bo")) == ["+1"]  # somebody else


def test_refusals_and_edited_comments_count_too(limited: Hub) -> None:
    task = limited.open_task()
    before = len(limited.said(1))
    made = burst(limited, ["/object"] * (BY_PERSON + 1))
    assert sorted(limited.reactions(one) for one in made)[-2:] == [["confused"], ["eyes"]]
    made += burst(limited, ["/attempt"])
    assert limited.reactions(made[-1]) == ["eyes"]
    assert len(limited.said(1)) - len(made) - before == BY_PERSON
    assert limited.status(task).attempts == ()


def test_a_comment_is_carried_out_whole_or_not_at_all(limited: Hub) -> None:
    task = limited.open_task()
    burst(limited, ["/bountyhub help"] * (BY_PERSON - 1))
    (both,) = burst(limited, ["/attempt\n/bounty 5 EUR"])
    assert (limited.reactions(both), limited.status(task).attempts) == (["eyes"], ())
    (one,) = burst(limited, ["/attempt"])
    assert (limited.reactions(one), limited.status(task).attempts) == (["+1"], ("dara",))


def test_without_limits_all_are_carried_out(hub: Hub) -> None:
    hub.open_task()
    made = burst(hub, ["/bounty"] * (BY_PERSON + 1))
    assert hub.reactions(made[-1]) == ["+1"]


def test_what_was_too_many_stays_so_when_it_is_delivered_again(limited: Hub) -> None:
    limited.open_task()
    made = burst(limited, ["/bounty"] * (BY_PERSON + 1))
    before = sorted(limited.reactions(one) for one in made)
    limited.posted.clear()
    limited.deliver()
    assert sorted(limited.reactions(one) for one in made) == before
    assert before[-1] == ["eyes"]


def test_the_commands_of_other_projects_do_not_count(limited: Hub) -> None:
    limited.open_task()
    burst(limited, ["/bounty"] * BY_PERSON)
    said = comment(limited.person("dara"), 1, on_pull_request=False)
    with reading() as session:
        here = limited.repository()
        assert why_too_many(session, here, said, 1) is TooMany.PERSON
        here.project_id += 1
        assert why_too_many(session, here, said, 1) is None
        assert session.query(CommandComment).count() == BY_PERSON
