"""The pages about a policy file: what its maintainers see, what everybody sees, and who reads it again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.events.models import OutboxJob
from bountyhub.kit.database import reading
from bountyhub.ports.forge import ForgePerson, Permission
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages

PROJECT = "/projects/1"
PAGE = f"{PROJECT}/policy"


def asked() -> list[OutboxJob]:
    """Readings that wait."""
    with reading() as session:
        query = select(OutboxJob).where(OutboxJob.name == "forge.read_policy", OutboxJob.finished_at.is_(None))
        return list(session.scalars(query))


def test_without_a_file_the_page_says_so_and_shows_an_example(pages: Pages) -> None:
    pages.know_roles()
    read = pages.signed_in(ANA).reads(PAGE)
    assert "There is no file on main : the defaults hold." in read
    assert "windows 7 days (default)" in read and "branches: [stable]" in read
    assert "policy file" not in pages.stranger().reads(PROJECT)


def test_what_holds_is_shown_with_its_commit(pages: Pages) -> None:
    pages.know_roles()
    put(pages.world, "windows: 14\nmaintainers_cut: 7.5")
    answer = pages.signed_in(ANA).get(PAGE)
    assert "14 days" in answer.text and "7.5 %" in answer.text and "/commit/" in answer.text
    public = pages.stranger().reads(PROJECT)
    assert "The policy file maintainers_cut 7.5 % windows 14 days From" in public


def test_the_branches_that_a_file_names_are_where_merges_pay(pages: Pages) -> None:
    put(pages.world, "branches: [main, stable]")
    assert "main (default), stable (policy file)" in pages.stranger().reads(PROJECT)


def test_mistakes_are_shown_to_maintainers_and_the_last_valid_file_to_everybody(pages: Pages) -> None:
    pages.know_roles()
    put(pages.world, "windows: 14")
    put(pages.world, "windows: 3\nlables: [<b>]")
    read = pages.signed_in(ANA).reads(PAGE)
    assert "has a mistake, so it changes nothing. What was valid before stays in force." in read
    assert "Line 1, windows : Windows can be lengthened, never shortened." in read
    assert "did you mean “labels”?" in read
    assert "windows 14 days" in pages.stranger().reads(PROJECT)


def test_a_first_file_with_mistakes_leaves_the_defaults(pages: Pages) -> None:
    pages.know_roles()
    put(pages.world, "<script>: 1\nwindows: 3\nattempts: 0")
    answer = pages.signed_in(ANA).get(PAGE)
    assert "has mistakes, so it changes nothing. The defaults stay in force." in " ".join(answer.text.split())
    assert "<script>: 1" not in answer.text


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_sees_it_or_has_it_read(pages: Pages, who: ForgePerson) -> None:
    pages.know_roles()
    someone = pages.signed_in(who)
    assert someone.get(PAGE).status_code == 403
    assert someone.post(f"{PAGE}/read").status_code == 403
    assert not asked()


def test_signed_out_is_led_to_sign_in(pages: Pages) -> None:
    assert pages.stranger().get(PAGE).status_code == 303
    assert pages.stranger().post(f"{PAGE}/read").status_code == 303


def test_a_maintainer_has_it_read_again_once(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    assert [ana.post(f"{PAGE}/read").status_code for _ in range(2)] == [303, 303]
    assert len(asked()) == 1


def test_a_project_that_is_not_there(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    assert ana.get("/projects/999/policy").status_code == 404
    assert ana.post("/projects/999/policy/read").status_code == 404


def test_a_page_takes_the_same_queries_whatever_the_file_says(pages: Pages) -> None:
    pages.know_roles()
    ana = pages.signed_in(ANA)
    put(pages.world, "windows: 14")
    before = pages.count(ana, PAGE), pages.count(ana, PROJECT)
    put(pages.world, "windows: 15\nlabels: [a, b]\ndeciders: [dara, cleo]", DARA, CLEO)
    put(pages.world, "windows: 1")
    assert (pages.count(ana, PAGE), pages.count(ana, PROJECT)) == before


def test_the_description_names_every_key(pages: Pages) -> None:
    read = pages.stranger().reads("/policy-file")
    assert all(key in read for key in ("bounties", "maintainers_cut", "languages", "not taken yet"))
    assert pages.stranger().get("/static/policy-file.schema.json").status_code == 200


def test_a_decider_of_the_file_gets_a_decider_s_buttons(pages: Pages) -> None:
    pages.know_roles()
    dara, task = pages.signed_in(DARA), f"/tasks/{pages.world.task_id}"
    assert dara.post(f"{task}/cancel", reason="No.").status_code == 403
    put(pages.world, "deciders: [dara]", DARA)
    assert pages.world.permission(DARA) is Permission.READ
    assert {f"{PROJECT}/branches", f"{PROJECT}/payee"} <= dara.buttons(PROJECT)
    assert f"{task}/cancel" in dara.buttons(task)
    assert dara.post(f"{task}/cancel", reason="No.").status_code == 303
    assert pages.world.read_task().state == "cancelled"


def test_the_bot_s_page_says_that_the_file_is_stronger(pages: Pages) -> None:
    pages.know_roles()
    ana = pages.signed_in(ANA)
    assert "stronger than this choice" not in ana.reads(f"{PROJECT}/bot")
    put(pages.world, "languages: [de, en]")
    assert "The policy file says de,en , which is stronger than this choice." in ana.reads(f"{PROJECT}/bot")


def test_issues_that_the_file_leaves_out_are_refused_with_a_reason(pages: Pages) -> None:
    put(pages.world, "bounties: no")
    assert "policy file says that its issues take no money" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")
