"""One task's page: tabs, buttons for whom they are for, opening, wanting, claiming, cancelling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.tasks.models import Interest, Task
from bountyhub.work.models import Claim
from bountyhub.work.operations import app_removed
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, issue, merged, pull
from tests.pages.conftest import Pages, words

WEB = "http://127.0.0.1:8001/github"


def path(pages: Pages) -> str:
    return f"/tasks/{pages.world.task_id}"


def test_the_page_says_what_is_held_and_what_is_next(pages: Pages) -> None:
    pages.world.pay(5000)
    read = pages.stranger().reads(path(pages))
    for said in ("Export number 12", "50 €", "1 backer", "The first merged pull request that closes #12 is paid 50 €"):
        assert said in read


def test_each_tab_shows_its_own(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    stranger = pages.stranger()
    tabs = {
        "contributions": "cleo",
        "pulls": "#40 Build it 40",
        "money": "Paid in: held for the task",
        "activity": "A contribution arrived",
        "description": "Please.",
        "nonsense": "Please.",
    }
    for tab, said in tabs.items():
        assert said in stranger.reads(f"{path(pages)}?tab={tab}"), tab


def test_the_issue_is_shown_without_anything_dangerous(pages: Pages) -> None:
    bad = "Text <script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](http://e.x/p.png)"
    pages.world.record_issue(issue(12, body=bad, title="<b>bold</b>"))
    text = pages.stranger().get(path(pages)).text
    article = text.partition("<article")[2].partition("</article>")[0]
    assert "<script" not in article and "<img" not in article and 'href="javascript:' not in article
    assert 'href="http://e.x/p.png"' in article
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_an_unknown_task_is_not_found(pages: Pages) -> None:
    assert pages.stranger().get("/tasks/99").status_code == 404
    assert pages.stranger().get("/tasks/99/fund").status_code == 404
    for action in ("open", "want", "claim", "cancel", "uncancel"):
        answer = pages.signed_in(ANA).post(f"/tasks/99/{action}", pull_url=f"{WEB}/ana/inkwell/pull/40")
        assert answer.status_code == 404, action


def wanted(pages: Pages) -> str:
    return f"/tasks/{pages.world.task(13, opened=False)}"


def test_the_page_names_the_issues_author_unless_the_account_is_gone(pages: Pages) -> None:
    assert "issue by @dara · opened" in pages.stranger().reads(path(pages))
    ghosts = pages.world.task(15, of=issue(15, author=ForgePerson(0, "ghost")))
    assert "issue by" not in pages.stranger().reads(f"/tasks/{ghosts}")


@pytest.mark.parametrize(
    ("who", "doing"),
    [(ANA, {"open", "want", "cancel"}), (BO, {"want"}), (CLEO, {"want"}), (None, {"want"})],
    ids=["maintainer", "developer", "backer", "stranger"],
)
def test_buttons_of_a_wanted_task(pages: Pages, who: ForgePerson | None, doing: set[str]) -> None:
    there = wanted(pages)
    pages.know_roles()
    someone = pages.stranger() if who is None else pages.signed_in(who)
    assert someone.buttons(there) == {f"{there}/{action}" for action in doing}


def test_a_maintainer_opens_it(pages: Pages) -> None:
    there = wanted(pages)
    answer = pages.signed_in(ANA).post(f"{there}/open")
    assert answer.location == there
    assert "Open" in pages.stranger().reads(there)


def test_what_was_closed_meanwhile_is_not_opened_but_cancelled(pages: Pages) -> None:
    there = wanted(pages)
    number = int(pages.world.rows(Task)[-1].issue_number)
    pages.forge.issues[number] = issue(number, is_open=False)
    answer = pages.signed_in(ANA).post(f"{there}/open")
    assert (answer.status_code, "Its issue is closed" in words(answer)) == (409, True)
    assert pages.world.rows(Task)[-1].state == "cancelled"


def test_it_is_opened_with_the_words_its_issue_has_now(pages: Pages) -> None:
    there = wanted(pages)
    number = int(pages.world.rows(Task)[-1].issue_number)
    pages.forge.issues[number] = issue(number, title="Better words")
    pages.signed_in(ANA).post(f"{there}/open")
    assert "Better words" in pages.stranger().reads(there)
    del pages.forge.issues[number]
    assert pages.signed_in(ANA).post(f"{there}/open").status_code == 409


@pytest.mark.parametrize(("who", "status"), [(BO, 403), (CLEO, 403), (DARA, 403)])
def test_nobody_else_opens_it(pages: Pages, who: ForgePerson, status: int) -> None:
    assert pages.signed_in(who).post(f"{wanted(pages)}/open").status_code == status


def test_it_is_not_opened_without_the_app(pages: Pages) -> None:
    with transaction() as session:
        app_removed(session, 77, None)
    again = f"/tasks/{pages.world.task(14, opened=False)}"
    assert pages.signed_in(ANA).post(f"{again}/open").status_code == 409


def test_wanting_it_twice_counts_once_and_needs_signing_in(pages: Pages) -> None:
    there = wanted(pages)
    dara = pages.signed_in(DARA)
    dara.post(f"{there}/want")
    dara.post(f"{there}/want")
    assert len(pages.world.rows(Interest)) == 1
    assert f"{there}/want" not in dara.buttons(there)
    assert pages.stranger().post(f"{there}/want").location == f"/sign-in?next={there}"
    assert dara.post(f"{path(pages)}/want").status_code == 409


def claim_url(number: int = 40, repository: str = "ana/inkwell") -> str:
    return f"{WEB}/{repository}/pull/{number}"


def test_the_author_claims_with_a_pull_request(pages: Pages) -> None:
    pages.outside.see(pull(40, closes=()))
    answer = pages.signed_in(BO).post(f"{path(pages)}/claim", pull_url=claim_url())
    assert answer.location == f"{path(pages)}?tab=pulls"
    assert pages.world.claim().source == "command"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "That address is not"),
        (f"{WEB}/ana/inkwell/issues/12", "an issue, not a pull request"),
        (claim_url(41), "no such pull request"),
        (claim_url(42), "Only the author"),
        (claim_url(40, "eve/almanac"), "not in ana/inkwell"),
        (claim_url(40, "no/where"), "not in ana/inkwell"),
    ],
)
def test_a_wrong_pull_request_is_refused(pages: Pages, typed: str, said: str) -> None:
    pages.outside.see(pull(40), pull(42, author=DARA))
    answer = pages.signed_in(BO).post(f"{path(pages)}/claim", pull_url=typed)
    assert (answer.status_code, said in words(answer)) == (422, True), words(answer)
    assert pages.world.rows(Claim) == []


def test_claiming_needs_signing_in(pages: Pages) -> None:
    assert pages.stranger().post(f"{path(pages)}/claim", pull_url=claim_url()).location.startswith("/sign-in")


def test_a_decider_cancels_with_a_reason_and_everything_goes_back(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.know_roles()
    ana = pages.signed_in(ANA)
    assert f"{path(pages)}/cancel" in ana.buttons(path(pages))
    assert ana.post(f"{path(pages)}/cancel", reason=" ").status_code == 422
    assert ana.post(f"{path(pages)}/cancel", reason="We changed our mind.").status_code == 303
    read = pages.stranger().reads(path(pages))
    assert "Cancelled; all money is on its way back" in read and "We changed our mind." in read


def test_with_a_ready_pull_request_cancelling_is_announced_and_can_be_taken_back(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    pages.know_roles()
    eve = pages.signed_in(EVE)
    eve.post(f"{path(pages)}/cancel", reason="Too late.")
    assert "Ending" in pages.stranger().reads(path(pages))
    assert f"{path(pages)}/uncancel" in eve.buttons(path(pages))
    eve.post(f"{path(pages)}/uncancel")
    assert pages.world.read_task().ends_at is None


@pytest.mark.parametrize("action", ["cancel", "uncancel"])
def test_only_deciders_cancel(pages: Pages, action: str) -> None:
    for who in (BO, CLEO, DARA):
        assert pages.signed_in(who).post(f"{path(pages)}/{action}", reason="No.").status_code == 403
    assert pages.stranger().post(f"{path(pages)}/{action}", reason="No.").location.startswith("/sign-in")
    assert pages.world.read_task().state == "open"


def test_an_anonymous_backer_is_named_nowhere(pages: Pages) -> None:
    contribution = pages.world.pay(5000)
    with transaction() as session:
        session.get_one(type(contribution), contribution.id).anonymous = True
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    for tab in ("description", "contributions", "pulls", "money", "activity"):
        text = pages.stranger().get(f"{path(pages)}?tab={tab}").text
        assert "cleo" not in text and "@example.org" not in text, tab


def test_who_took_everything_back_is_not_listed(pages: Pages) -> None:
    contribution = pages.world.pay(5000)
    pages.signed_in(CLEO).post(f"/contributions/{contribution.id}/withdraw")
    assert "Nobody has put money on this yet" in pages.stranger().reads(f"{path(pages)}?tab=contributions")


def test_a_moved_project_keeps_its_page(pages: Pages) -> None:
    pages.world.record_issue(replace(issue(12), title="Another title", labels=("a", "b")))
    read = pages.stranger().reads(path(pages))
    assert "Another title" in read and "description revision 2" in read


def test_the_fund_box_is_read_before_the_tabs_beside_it(pages: Pages) -> None:
    text = pages.stranger().get(f"/tasks/{pages.world.task_id}").text
    assert text.index('id="fund"') < text.index('class="tabs"')


def test_a_tabs_number_is_a_word_of_its_own(pages: Pages) -> None:
    pages.world.pay(5000)
    assert "Contributions 1" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")


def test_each_button_says_which_pull_request_it_is_about(pages: Pages) -> None:
    pages.world.linked(40)
    pages.world.linked(41)
    pages.know_roles()
    text = pages.signed_in(ANA).get(f"/tasks/{pages.world.task_id}?tab=pulls").text
    for claim in pages.world.rows(Claim):
        assert f'id="claim-{claim.id}"' in text
        assert f'aria-describedby="claim-{claim.id}">Cut the link</summary>' in text
