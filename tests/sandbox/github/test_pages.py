"""A person clicks through the pages: everything works as plain forms, and only for who may."""

from __future__ import annotations

import pytest

from tests.sandbox.github.hub import Browser, Hub

INKWELL = "/ana/inkwell"


def test_the_switcher_changes_who_one_is(hub: Hub) -> None:
    browser = Browser(hub, "ana")
    assert "You are <b>ana</b>" in browser.page("/")
    assert browser.go("/switch", login="bo", next=f"/github{INKWELL}") == INKWELL
    assert "You are <b>bo</b>" in browser.page(INKWELL)
    browser.go("/switch", login="")
    assert "You are nobody" in browser.page("/")


@pytest.mark.parametrize("goal", ["https://elsewhere.test/github/", "//elsewhere.test/github/", "/elsewhere", ""])
def test_the_switcher_leads_nowhere_else(hub: Hub, goal: str) -> None:
    location = Browser(hub).press("/switch", login="bo", next=goal).headers["Location"]
    assert location == "/github/"


def test_an_issue_is_opened_commented_labelled_closed_and_reopened(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    place = ana.go(f"{INKWELL}/issues/new", title="Typo", body="**Bold** <script>", labels="bug")
    page = ana.page(place)
    assert "<strong>Bold</strong> &lt;script&gt;" in page
    for what, form in (
        ("comment", {"body": "me too"}),
        ("label", {"name": "funded"}),
        ("unlabel", {"name": "bug"}),
        ("edit", {"title": "Two typos", "body": "see"}),
        ("lock", {}),
        ("close", {"reason": "not_planned"}),
    ):
        assert ana.go(f"{place}/{what}", **form) == place
    page = ana.page(place)
    assert "Two typos" in page and "me too" in page and "closed: not planned" in page
    ana.go(f"{place}/reopen")
    assert "closed: not planned" not in ana.page(place)


def test_an_outsider_edits_nothing_of_others(hub: Hub) -> None:
    dara = Browser(hub, "dara")
    for what in ("edit", "close", "label", "lock", "transfer", "delete"):
        answer = dara.press(f"{INKWELL}/issues/1/{what}", title="x", name="bug", to="740000002")
        assert answer.status_code == 403, what
    assert "This needs the role" in dara.press(f"{INKWELL}/issues/1/close").text


def test_nobody_is_asked_who_they_are(hub: Hub) -> None:
    answer = Browser(hub).press(f"{INKWELL}/issues/1/comment", body="hello")
    assert answer.status_code == 401
    assert "Choose who you are" in answer.text


def test_a_comment_is_edited_and_deleted_by_its_author(hub: Hub) -> None:
    cleo, bo = Browser(hub, "cleo"), Browser(hub, "bo")
    id = hub.do("comment", repo="ana/inkwell", number=1, body="frist", as_="cleo")["id"]
    assert bo.press(f"{INKWELL}/comments/{id}/edit", body="mine").status_code == 403
    cleo.go(f"{INKWELL}/comments/{id}/edit", body="first")
    assert "first" in cleo.page(f"{INKWELL}/issues/1")
    cleo.go(f"{INKWELL}/comments/{id}/delete")
    assert "first" not in cleo.page(f"{INKWELL}/issues/1")


def test_an_issue_is_transferred_and_its_old_address_leads_there(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    pinsel = hub.get("/repos/ana/pinsel").json()["id"]
    assert ana.go(f"{INKWELL}/issues/3/transfer", to=str(pinsel)) == "/ana/pinsel/issues/5"
    assert ana.open(f"{INKWELL}/issues/3").url.endswith("/ana/pinsel/issues/5")


def test_a_deleted_issue_says_so(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    ana.go(f"{INKWELL}/issues/3/delete")
    assert ana.open(f"{INKWELL}/issues/3").status_code == 410


def opened(hub: Hub, **form: str) -> str:
    given = {"login": "bo", "title": "Notes", "body": "Fixes #1", "base": "main", "commits": "2", "co_author": "dara"}
    return Browser(hub, "bo").go(f"{INKWELL}/compare", **given | form)


def test_the_form_for_a_fix_is_filled_in(hub: Hub) -> None:
    assert "Fixes #7</textarea>" in Browser(hub, "bo").page(f"{INKWELL}/compare?issue=7")


def test_a_pull_request_shows_commits_co_authors_and_what_it_closes(hub: Hub) -> None:
    page = Browser(hub, "bo").page(opened(hub))
    assert "Notes, step 2" in page and "Dara Okafor" in page and "ana/inkwell#1</a>" in page


def test_the_merge_button_is_for_maintainers(hub: Hub) -> None:
    place = opened(hub)
    for login, shown in (("bo", False), ("dara", False), ("eve", True), ("ana", True)):
        assert ("Squash and merge" in Browser(hub, login).page(place)) is shown
    assert Browser(hub, "bo").press(f"{place}/merge", method="merge").status_code == 403


def test_a_maintainer_approves_and_merges(hub: Hub) -> None:
    place, eve = opened(hub), Browser(hub, "eve")
    eve.go(f"{place}/review", event="APPROVE", body="lovely")
    eve.go(f"{place}/merge", method="squash")
    page = eve.page(place)
    assert "lovely" in page and "eve merged this" in page
    assert "closed" in eve.page(f"{INKWELL}/issues/1")


def test_an_author_pushes_drafts_retargets_and_closes(hub: Hub) -> None:
    place, bo = opened(hub), Browser(hub, "bo")
    bo.go(f"{place}/push", message="One more", co_author="cleo")
    bo.go(f"{place}/draft")
    bo.go(f"{place}/retarget", base="next")
    page = bo.page(place)
    assert "One more" in page and "Drafts cannot be merged" in page and "<code>next</code>" in page
    bo.go(f"{place.replace('/pull/', '/issues/')}/close")
    assert "closed" in bo.page(place)


def test_a_check_run_stands_in_the_merge_box(hub: Hub) -> None:
    repo, place = hub.install().get_repo("ana/inkwell"), opened(hub)
    pull = repo.get_pull(int(place.rpartition("/")[2]))
    title = "Merging this releases 5 €"
    run = repo.create_check_run(
        "bountyhub", pull.head.sha, conclusion="neutral", output={"title": title, "summary": "**of** #1"}
    )
    browser = Browser(hub)
    assert title in browser.page(place)
    assert "<strong>of</strong>" in browser.page(f"{INKWELL}/runs/{run.id}")


def test_an_issue_address_of_a_pull_request_leads_to_it(hub: Hub) -> None:
    place = opened(hub)
    assert Browser(hub).open(place.replace("/pull/", "/issues/")).url.endswith(place)


def test_installing_leads_to_the_application(hub: Hub) -> None:
    ana, id = Browser(hub, "ana"), hub.get("/repos/ana/inkwell").json()["id"]
    assert "ana/secret (private)" in ana.page("/apps/bountyhub/installations/new")
    location = ana.go("/apps/bountyhub/installations/new", selection="selected", repos=str(id), state="s1")
    assert location.startswith(f"{hub.config.app_url}/github/installed?installation_id=")
    assert location.endswith("setup_action=install&state=s1")
    assert hub.ear.next().name == "installation.created"


def test_an_installation_is_suspended_and_removed_by_its_owner_only(hub: Hub) -> None:
    hub.install()
    id = hub.app().get_user_installation("ana").id
    place = f"/settings/installations/{id}"
    assert Browser(hub, "bo").press(f"{place}/uninstall").status_code == 403
    ana = Browser(hub, "ana")
    ana.go(f"{place}/suspend")
    assert "Suspended since" in ana.page(place)
    ana.go(f"{place}/unsuspend")
    ana.go(f"{place}/uninstall")
    assert hub.ear.names(3) == ["installation.suspend", "installation.unsuspend", "installation.deleted"]
    assert ana.open(place).status_code == 404


def test_an_installation_needs_a_repository(hub: Hub) -> None:
    answer = Browser(hub, "ana").press("/apps/bountyhub/installations/new", selection="selected")
    assert "Choose at least one repository" in answer.text


def test_roles_are_changed_by_an_admin_only(hub: Hub) -> None:
    access = f"{INKWELL}/settings/access"
    assert Browser(hub, "eve").press(access, login="dara", role="admin").status_code == 403
    Browser(hub, "ana").go(access, login="dara", role="write")
    assert "write" in Browser(hub, "dara").page(access)


def test_settings_rename_hide_archive_push_and_delete(hub: Hub) -> None:
    ana = Browser(hub, "ana")
    assert ana.go(f"{INKWELL}/push", message="Straight on main").startswith(f"{INKWELL}/commit/")
    assert ana.go(f"{INKWELL}/settings/rename", name="inkpot") == "/ana/inkpot/settings"
    assert ana.open(f"{INKWELL}/issues/1").url.endswith("/ana/inkpot/issues/1")
    ana.go("/ana/inkpot/settings/archive")
    ana.go("/ana/inkpot/settings/visibility")
    assert Browser(hub, "dara").open("/ana/inkpot").status_code == 404
    ana.go("/ana/inkpot/settings/delete")
    assert ana.open("/ana/inkpot").status_code == 404


def test_a_repository_is_handed_over(hub: Hub) -> None:
    assert Browser(hub, "ana").go(f"{INKWELL}/settings/transfer", login="eve") == "/eve/inkwell"


def test_the_delivery_log_holds_lets_go_and_repeats(hub: Hub) -> None:
    hub.install()
    browser = Browser(hub)
    browser.go("/deliveries/pause")
    hub.do("close", repo="ana/inkwell", number=1)
    assert "held" in browser.page("/deliveries")
    browser.go("/deliveries/pause")
    assert hub.ear.next().name == "issues.closed"
    id = hub.do("deliveries", event="issues.closed")["deliveries"][0]["id"]
    browser.go(f"/deliveries/{id}/attempts")
    assert hub.ear.next().name == "issues.closed"


@pytest.mark.parametrize("path", ["/", "/ana", INKWELL, f"{INKWELL}/issues?state=closed", f"{INKWELL}/pulls"])
@pytest.mark.parametrize("login", ["", "ana", "dara"])
def test_every_list_opens_for_everybody(hub: Hub, path: str, login: str) -> None:
    assert "PLAY MONEY" in Browser(hub, login).page(path)


@pytest.mark.parametrize("path", ["/ana/secret", "/ana/none", "/none", f"{INKWELL}/pull/1", f"{INKWELL}/commit/none"])
def test_what_is_not_there_or_private_is_not_found(hub: Hub, path: str) -> None:
    assert Browser(hub, "dara").open(path).status_code == 404


def test_an_avatar_is_a_picture(hub: Hub) -> None:
    avatar = hub.get("/users/ana").json()["avatar_url"]
    assert hub.session.get(avatar, timeout=5).headers["Content-Type"] == "image/svg+xml"
