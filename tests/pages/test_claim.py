"""A claim's page and its buttons: who sees which, and that the forge is asked again before anything is done."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Contribution
from bountyhub.kit.database import transaction
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.models import Role
from bountyhub.work.models import Objection
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, closed, merged, pull
from tests.pages.conftest import Pages, Someone, words

PEOPLE = {"ana": ANA, "bo": BO, "cleo": CLEO, "dara": DARA, "eve": EVE}


@pytest.fixture
def window(pages: Pages) -> str:
    """A merge by its own author, Eve: a window is open."""
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    assert pages.world.claim().state == "window"
    pages.know_roles()
    return f"/claims/{pages.world.claim().id}"


@pytest.fixture
def late(pages: Pages) -> str:
    """A merge before the link was shown."""
    pages.world.pay(5000)
    pages.world.record(pull(), merged(pull()))
    assert pages.world.claim().state == "late"
    pages.know_roles()
    return f"/claims/{pages.world.claim().id}"


def who(pages: Pages, name: str) -> Someone:
    return pages.signed_in(PEOPLE[name]) if name else pages.stranger()


@pytest.mark.parametrize(
    ("name", "doing"),
    [
        ("ana", {"/unlink", "/object"}),
        ("eve", set()),
        ("cleo", {"/object"}),
        ("bo", set()),
        ("dara", set()),
        ("", set()),
    ],
)
def test_who_sees_which_button_in_a_window(pages: Pages, window: str, name: str, doing: set[str]) -> None:
    assert who(pages, name).buttons(window) == {window + end for end in doing}


@pytest.mark.parametrize(("name", "doing"), [("ana", {"/confirm", "/unlink"}), ("bo", set()), ("cleo", set())])
def test_who_sees_which_button_of_a_late_claim(pages: Pages, late: str, name: str, doing: set[str]) -> None:
    assert who(pages, name).buttons(late) == {late + end for end in doing}


@pytest.mark.parametrize("action", ["confirm", "unlink", "settle"])
@pytest.mark.parametrize(("name", "status"), [("bo", 403), ("cleo", 403), ("dara", 403), ("", 303)])
def test_only_deciders_decide(pages: Pages, late: str, action: str, name: str, status: int) -> None:
    answer = who(pages, name).post(f"{late}/{action}", decision="release", reason="I want it.")
    assert answer.status_code == status
    assert pages.world.claim().state == "late"


def test_a_decider_confirms(pages: Pages, late: str) -> None:
    assert pages.signed_in(ANA).post(f"{late}/confirm").status_code == 303
    assert pages.world.claim().state == "window"


def test_the_author_decides_nothing_even_as_a_maintainer(pages: Pages, window: str) -> None:
    for action in ("unlink", "object"):
        answer = pages.signed_in(EVE).post(f"{window}/{action}", reason="Mine.")
        assert (answer.status_code, "author side" in words(answer)) == (403, True)


def test_permission_taken_away_counts_at_once(pages: Pages, late: str) -> None:
    pages.world.permissions[ANA.id] = Permission.READ
    assert pages.signed_in(ANA).post(f"{late}/confirm").status_code == 403
    assert pages.world.claim().state == "late"
    assert [r.permission for r in pages.world.rows(Role) if r.person_id == pages.world.persons["ana"].id] == [1]
    assert pages.signed_in(ANA).buttons(late) == set()


def test_nothing_is_decided_while_the_forge_is_away(pages: Pages, late: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(repository: int, person: ForgePerson) -> Permission:
        raise OutsideUnavailable("github: no answer")

    monkeypatch.setattr(pages.forge, "permission", away)
    assert pages.signed_in(ANA).post(f"{late}/confirm").status_code == 503
    assert pages.world.claim().state == "late"


def test_an_objection_needs_its_reason_and_keeps_the_form(pages: Pages, window: str) -> None:
    answer = pages.signed_in(CLEO).post(f"{window}/object", reason="  ")
    assert answer.status_code == 422
    assert "Write a reason" in words(answer)
    assert pages.world.rows(Objection) == []


def test_a_backer_objects_once_and_withdraws(pages: Pages, window: str) -> None:
    cleo = pages.signed_in(CLEO)
    cleo.post(f"{window}/object", reason="The links are dead.")
    cleo.post(f"{window}/object", reason="Again.")
    (objection,) = pages.world.rows(Objection)
    assert "The links are dead." in pages.stranger().reads(window)
    assert cleo.buttons(window) == {f"/objections/{objection.id}/withdraw"}
    assert pages.signed_in(DARA).post(f"/objections/{objection.id}/withdraw").status_code == 404
    assert cleo.post(f"/objections/{objection.id}/withdraw").location == window
    assert pages.world.claim().state == "window"


@pytest.mark.parametrize(("decision", "state"), [("release", "released"), ("refuse", "refused")])
def test_a_decider_settles_with_a_public_reason(pages: Pages, window: str, decision: str, state: str) -> None:
    pages.signed_in(CLEO).post(f"{window}/object", reason="The links are dead.")
    ana = pages.signed_in(ANA)
    assert f"{window}/settle" in ana.buttons(window)
    assert ana.post(f"{window}/settle", decision=decision, reason=" ").status_code == 422
    assert ana.post(f"{window}/settle", decision="maybe", reason="So.").status_code == 409
    assert ana.post(f"{window}/settle", decision=decision, reason="I have looked.").status_code == 303
    assert pages.world.claim().state == state
    assert "Decided: I have looked." in pages.stranger().reads(window)


def test_who_gives_unnamed_objects_unnamed(pages: Pages) -> None:
    with_name = pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    path = f"/claims/{pages.world.claim().id}"
    pages.signed_in(CLEO).post(f"{path}/object", reason="No.")
    assert "cleo" in pages.stranger().reads(path)
    make_anonymous(pages, with_name.id)
    assert "cleo" not in pages.stranger().reads(path)
    assert "A backer" in pages.stranger().reads(path)
    assert "cleo" not in pages.stranger().reads(f"/tasks/{pages.world.task_id}?tab=activity")


def make_anonymous(pages: Pages, contribution_id: int) -> None:
    with transaction() as session:
        session.get_one(Contribution, contribution_id).anonymous = True


def test_an_unknown_claim_is_not_found(pages: Pages) -> None:
    assert pages.stranger().get("/claims/9").status_code == 404
    assert pages.signed_in(ANA).post("/claims/9/confirm").status_code == 404
    assert pages.signed_in(ANA).post("/objections/9/withdraw").status_code == 404


@pytest.mark.parametrize(("name", "said"), [("closed", "reopening it links it again"), ("cut", "cut the link")])
def test_a_claim_that_is_over_says_why(pages: Pages, name: str, said: str) -> None:
    opened = pages.world.linked()
    path = f"/claims/{pages.world.claim().id}"
    if name == "closed":
        pages.world.record(closed(opened))
    else:
        pages.signed_in(ANA).post(f"{path}/unlink")
    assert said in pages.stranger().reads(path)
