"""The bot's page of a project: who sees it, what stands there, its switches, and the way back for a deleted comment."""

from __future__ import annotations

import html
import re

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.contexts import bot
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import BotVerb, Project
from bountyhub.projects.operations import note_bot_action
from bountyhub.projects.queries import repository
from bountyhub.work import operations as work
from bountyhub.work.models import Removed
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages

PAGE = "/projects/1/bot"


def did(pages: Pages, number: int, what: BotVerb, why: str) -> None:
    with transaction() as session:
        forge_id = repository(session, pages.world.repository_id).forge_id
        note_bot_action(session, forge_id, number, what, why, 77)


def removed(pages: Pages) -> str:
    """Somebody deleted the task's comment; where it is brought back."""
    with transaction() as session:
        work.record_removal(session, pages.world.task_id, Removed.BY_MAINTAINER)
    return f"/tasks/{pages.world.task_id}/show-comment"


def label_funded() -> bool:
    with reading() as session:
        return session.get_one(Project, 1).label_funded


def test_maintainers_read_what_the_bot_did_and_why(pages: Pages) -> None:
    pages.know_roles()
    did(pages, 12, BotVerb.COMMENT, "The issue became a task.")
    did(pages, 40, BotVerb.CHECK_RUN, "Linked, or pushed to: #12 linked.")
    words = pages.signed_in(ANA).reads(PAGE)
    assert "The issue became a task." in words
    assert words.index("Wrote its check run") < words.index("Wrote its status comment")
    assert "#issuecomment-77" in pages.signed_in(ANA).get(PAGE).text
    only = pages.signed_in(ANA).reads(f"{PAGE}?issue=40")
    assert "check run" in only and "became a task" not in only


def test_older_actions_are_on_the_next_page(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot, "PAGE", 2)
    pages.know_roles()
    ana = pages.signed_in(ANA)
    for number in range(1, 6):
        did(pages, 40, BotVerb.EDIT, f"Reason {number}.")
    seen, path = [], f"{PAGE}?issue=40"
    while path:
        text = ana.get(path).text
        seen.append(re.findall(r"Reason \d", text))
        path = html.unescape("".join(re.findall(r'rel="next" href="([^"]+)"', text)))
    assert seen == [["Reason 5", "Reason 4"], ["Reason 3", "Reason 2"], ["Reason 1"]]


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_sees_or_switches_it(pages: Pages, who: ForgePerson) -> None:
    pages.know_roles()
    someone = pages.signed_in(who)
    assert someone.get(PAGE).status_code == 403
    assert someone.post(PAGE, label_funded="1").status_code == 403
    assert someone.post(removed(pages)).status_code == 403
    assert not label_funded()


def test_signed_out_is_led_to_sign_in(pages: Pages) -> None:
    assert pages.stranger().get(PAGE).status_code == 303
    assert pages.stranger().post(PAGE).status_code == 303


def test_the_label_is_switched_on_and_off(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    ana.post(PAGE, label_funded="1")
    assert label_funded()
    ana.post(PAGE)
    assert not label_funded()


def test_a_deleted_comment_is_brought_back_from_the_project_s_page(pages: Pages) -> None:
    pages.know_roles()
    path = removed(pages)
    assert path in pages.signed_in(ANA).buttons("/projects/1")
    assert path not in pages.signed_in(CLEO).buttons("/projects/1")
    assert pages.signed_in(ANA).post(path).status_code == 303
    assert path not in pages.signed_in(ANA).buttons("/projects/1")


def test_a_project_or_task_that_is_not_there(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    assert ana.get("/projects/999/bot").status_code == 404
    assert ana.post("/projects/999/bot").status_code == 404
    assert ana.post("/tasks/999/show-comment").status_code == 404


def test_pressed_twice_it_happens_once(pages: Pages) -> None:
    ana, path = pages.signed_in(ANA), removed(pages)
    for _ in range(2):
        assert ana.post(path).status_code == 303
        assert ana.post(PAGE, label_funded="1").status_code == 303
    done = [event.action for event in pages.world.rows(AuditEvent)]
    assert (done.count("status_comment_wanted"), done.count("label_switched")) == (1, 1)


def test_languages_are_chosen_from_a_list(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    for typed, kept in (("en,de", "en,de"), ("tlh", "en,de"), ("de", "de")):
        ana.post(PAGE, languages=typed)
        with reading() as session:
            assert session.get_one(Project, 1).languages == kept
