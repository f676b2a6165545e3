"""What happens to people, branches and deliveries in the course of time; each by a button and by a control endpoint."""

from __future__ import annotations

import pytest

from tests.sandbox.github.hub import Browser, Hub
from tests.sandbox.github.test_deliveries import eventually

INKWELL = "ana/inkwell"


def test_a_renamed_person_keeps_number_and_repositories(hub: Hub) -> None:
    client = hub.install("ana", INKWELL)
    before = client.get_user("ana").id
    hub.do("rename_person", login="ana", to="ana-almeida")
    heard = hub.ear.next()
    assert heard.name == "installation_target.renamed"
    assert heard.body["changes"] == {"login": {"from": "ana"}}
    assert heard.body["account"]["login"] == "ana-almeida"
    assert hub.get(f"/user/{before}").json()["login"] == "ana-almeida"
    assert hub.get(f"/repos/{INKWELL}").status_code == 301


@pytest.mark.parametrize("to", ["bo", "a/b", "", "ghost"])
def test_a_login_that_cannot_be_is_refused(hub: Hub, to: str) -> None:
    assert hub.try_to("rename_person", login="ana", to=to).status_code == 422


def test_what_a_deleted_person_wrote_is_the_ghosts(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    made = hub.do("open_issue", repo=INKWELL, title="Help", as_="bo")
    bo = hub.get("/users/bo").json()["id"]
    hub.do("delete_person", login="bo")
    issue = hub.get(f"/repos/{INKWELL}/issues/{made['number']}").json()
    assert (issue["user"]["login"], issue["user"]["id"]) == ("ghost", 10137)
    assert hub.get("/users/bo").status_code == 404
    assert hub.get(f"/user/{bo}").status_code == 404
    assert hub.get("/users/ghost").json()["id"] == 10137


def test_with_an_account_go_its_repositories_and_its_installation(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    hub.do("delete_person", login="ana")
    assert hub.ear.names(2) == ["repository.deleted", "installation.deleted"]
    assert hub.get(f"/repos/{INKWELL}").status_code == 404


def test_pull_requests_follow_a_renamed_branch(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    made = hub.do("open_pull_request", repo=INKWELL, title="Mend it", as_="ana")
    hub.do("rename_branch", repo=INKWELL, to="trunk")
    assert hub.ear.names(3) == ["pull_request.opened", "pull_request.edited", "repository.edited"]
    assert hub.get(f"/repos/{INKWELL}/pulls/{made['number']}").json()["base"]["ref"] == "trunk"
    assert hub.get(f"/repos/{INKWELL}").json()["default_branch"] == "trunk"
    assert hub.try_to("rename_branch", repo=INKWELL, branch="main", to="x").status_code == 422


def test_an_issue_made_a_discussion_is_closed_and_locked(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    hub.do("convert_to_discussion", repo=INKWELL, number=1)
    assert hub.ear.names(2) == ["issues.closed", "issues.locked"]


def test_deliveries_held_back_come_in_the_other_order(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    hub.do("pause_deliveries")
    hub.do("label", repo=INKWELL, number=1, name="funded")
    hub.do("close", repo=INKWELL, number=1)
    hub.do("resume_deliveries", backwards=True)
    assert hub.ear.names(2) == ["issues.closed", "issues.labeled"]


def test_deliveries_come_late(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    hub.do("delay_deliveries", seconds=1)
    hub.do("close", repo=INKWELL, number=1)
    assert hub.ear.nothing()
    assert hub.ear.next().name == "issues.closed"


def test_everything_has_its_button(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    assert ana.go("/bo/rename", to="bo-lindqvist") == "/bo-lindqvist"
    assert "Delete this account" in ana.page("/bo-lindqvist")
    assert ana.go("/bo-lindqvist/delete") == "/"
    assert ana.open("/bo-lindqvist").status_code == 404
    assert ana.go(f"/{INKWELL}/settings/branch", branch="trunk") == f"/{INKWELL}/settings"
    for what, form in (("drop", {"count": "2"}), ("fail", {"count": "3"}), ("delay", {"seconds": "0"})):
        assert ana.go(f"/deliveries/{what}", **form) == "/deliveries"
    assert "2 will be lost" in ana.page("/deliveries")
    assert "3 will fail" in ana.page("/deliveries")
    ana.go("/deliveries/pause")
    assert "the last one first" in ana.page("/deliveries")
    ana.go("/deliveries/pause", order="backwards")
    assert ana.press("/deliveries/drop", count="many").status_code == 422


@pytest.mark.parametrize(("kind", "header"), [("primary", "X-RateLimit-Reset"), ("secondary", "Retry-After")])
def test_the_limits_run_out_by_a_button(hub: Hub, kind: str, header: str) -> None:
    ana = Browser(hub, "ana")
    ana.go("/limits", seconds="30", kind=kind)
    answer = hub.get("/users/ana")
    assert answer.status_code == 403
    assert header in answer.headers
    assert "limited for" in ana.page("/deliveries")
    ana.go("/limits", seconds="0", kind=kind)
    assert hub.get("/users/ana").status_code == 200


def test_the_limit_of_graphql_says_200_and_leaves_rest_alone(hub: Hub) -> None:
    hub.install()
    token = hub.token()
    Browser(hub, "ana").go("/limits", seconds="30", kind="graphql")
    answer = hub.session.post(
        f"{hub.url}/github/api/graphql", json={"query": "{ viewer { login } }"},
        headers={"Authorization": f"Bearer {token}"}, timeout=5,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert (answer.headers["X-RateLimit-Resource"], answer.headers["X-RateLimit-Remaining"]) == ("graphql", "0")
    assert hub.get("/users/ana").status_code == 200


def test_it_can_be_away(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    ana.go("/away", seconds="30")
    assert hub.get("/users/ana").status_code == 502
    assert "away for" in ana.page("/deliveries")
    ana.go("/away", seconds="0")
    assert hub.get("/users/ana").status_code == 200


def test_a_failing_delivery_stands_in_the_log_and_comes_when_it_is_asked_for(hub: Hub) -> None:
    hub.do("fail_deliveries", count=1)
    hub.do("install", account="ana")
    eventually(lambda: bool(hub.do("deliveries")["deliveries"][0]["state"] == "failed"))
    hub.do("redeliver", id=hub.do("deliveries")["deliveries"][0]["id"])
    assert hub.ear.names(1) == ["installation.created"]


def test_a_bot_is_neither_renamed_nor_deleted(hub: Hub) -> None:
    assert Browser(hub, "ana").press("/bountyhub[bot]/delete").status_code == 403
