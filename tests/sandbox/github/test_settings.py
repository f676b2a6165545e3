"""Repositories, the App and people, changed by the forms of their pages: pressed once, pressed twice, by whom not."""

from __future__ import annotations

from bountyhub.cli.demo.browser import Browser
from tests.sandbox.github.hub import Hub
from tests.sandbox.github.pressing import INKWELL, person, told, twice

SETTINGS = f"/github/{INKWELL}/settings"


def test_a_repository_is_archived_and_hidden_once(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    archived = twice(ana, ana.open(SETTINGS), "Archive")
    assert archived.has_button("Unarchive")
    hidden = twice(ana, archived, "Make private")
    assert hidden.has_button("Make public")
    assert told(hub) == ["repository.archived", "repository.privatized"]
    ana.press(ana.press(hidden, "Unarchive"), "Make public")
    assert told(hub)[2:] == ["repository.unarchived", "repository.publicized"]


def test_renaming_twice_leads_to_the_repository(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    assert twice(ana, ana.open(SETTINGS), "Rename", to="/rename", name="inkpot").url.endswith("/ana/inkpot")
    assert told(hub) == ["repository.renamed"]


def test_a_name_that_cannot_be_is_refused(hub: Hub) -> None:
    ana = person(hub, "ana")
    for name in ("", "a/b", "pinsel"):
        assert ana.try_to_press(ana.open(SETTINGS), "Rename", to="/rename", name=name).status == 422


def test_handing_over_twice_leads_to_the_repository(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    page = twice(ana, ana.open(SETTINGS), "Hand over", login="eve")
    assert page.url.endswith("/eve/inkwell")
    assert hub.get("/repos/eve/inkwell").json()["owner"]["login"] == "eve"


def test_the_default_branch_is_renamed_once(hub: Hub) -> None:
    ana = person(hub, "ana")
    assert twice(ana, ana.open(SETTINGS), "Rename branch", branch="trunk").url.endswith("/settings")
    assert hub.get(f"/repos/{INKWELL}").json()["default_branch"] == "trunk"


def test_a_commit_goes_onto_the_branch_that_is_named(hub: Hub) -> None:
    ana = person(hub, "ana")
    ana.press(ana.open(SETTINGS), "Push", to="/push", message="For the old one", branch="stable")
    found = hub.get(f"/repos/{INKWELL}/commits?sha=stable").json()
    assert found[0]["commit"]["message"] == "For the old one"


def test_a_deleted_repository_is_gone_once(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    assert twice(ana, ana.open(SETTINGS), "Delete repository").status == 404
    assert told(hub) == ["repository.deleted"]


def test_settings_are_for_admins(hub: Hub) -> None:
    page = person(hub, "ana").open(SETTINGS)
    for login in ("eve", "bo", "dara"):
        browser = person(hub, login)
        assert browser.look(SETTINGS).status == 403
        for words in ("Archive", "Make private", "Delete repository", "Hand over", "Rename"):
            assert browser.try_to_press(page, words).status == 403, (login, words)
    assert Browser(hub.url).try_to_press(page, "Archive").status == 401


# ---------------------------------------------------------------- the App


def test_a_repository_is_put_among_the_apps_and_taken_out(hub: Hub) -> None:
    hub.install("ana", "ana/pinsel")
    ana = person(hub, "ana")
    added = twice(ana, ana.open(SETTINGS), "Add this repository")
    assert added.says("covers this repository")
    assert twice(ana, added, "Take this repository out").says("doesn’t cover this repository")
    assert told(hub) == ["installation_repositories.added", "installation_repositories.removed"]


def test_the_last_repository_stays_and_the_owner_alone_decides(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    page = person(hub, "ana").open(SETTINGS)
    refused = person(hub, "ana").try_to_press(page, "Take this repository out")
    assert (refused.status, refused.says("uninstall the App instead")) == (422, True)
    hub.do("set_permission", repo=INKWELL, login="eve", role="admin")
    assert not person(hub, "eve").open(SETTINGS).has_button("Take this repository out")
    assert person(hub, "eve").try_to_press(page, "Take this repository out").status == 403


def test_a_permission_is_withdrawn_once_its_owner_accepts(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana, place = person(hub, "ana"), f"/github/settings/installations/{hub.app().get_user_installation('ana').id}"
    app = ana.open("/github/apps/bountyhub")
    assert twice(ana, app, "Save what it asks for", checks="none").says("other permissions agreed to")
    assert hub.app().get_user_installation("ana").permissions["checks"] == "write"
    accepted = twice(ana, ana.open(place), "Accept new permissions")
    assert not accepted.has_button("Accept new permissions")
    assert "checks" not in hub.app().get_user_installation("ana").permissions
    assert told(hub) == ["installation.new_permissions_accepted"]


def test_what_the_app_asks_for_must_be_a_level_and_somebody_asks_it(hub: Hub) -> None:
    ana = person(hub, "ana")
    app = ana.open("/github/apps/bountyhub")
    assert ana.try_to_press(app, "Save what it asks for", checks="all").status == 422
    assert Browser(hub.url).try_to_press(app, "Save what it asks for").status == 401


def test_an_event_that_is_not_subscribed_to_is_not_told(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    ana.press(ana.open("/github/apps/bountyhub"), "Save what it asks for", events="push")
    hub.do("close", repo=INKWELL, number=1)
    hub.do("push", repo=INKWELL, messages=["Told"])
    assert told(hub) == ["push"]


def test_suspending_and_lifting_it_are_told_once(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana, place = person(hub, "ana"), f"/github/settings/installations/{hub.app().get_user_installation('ana').id}"
    suspended = twice(ana, ana.open(place), "Suspend")
    assert suspended.says("Suspended since")
    assert not twice(ana, suspended, "Unsuspend").says("Suspended since")
    assert told(hub) == ["installation.suspend", "installation.unsuspend"]


# ---------------------------------------------------------------- people and new things


def test_somebody_new_signs_up_once(hub: Hub) -> None:
    anybody = Browser(hub.url)
    again = twice(anybody, anybody.open("/github/"), "Sign up", login="frank", name="Frank")
    assert again.status == 422
    assert hub.get("/users/frank").json()["name"] == "Frank"


def test_one_opens_a_repository_of_ones_own_once(hub: Hub) -> None:
    hub.install("ana")
    ana = person(hub, "ana")
    page = ana.open("/github/ana")
    assert twice(ana, page, "Create repository", name="quill").status == 422
    heard = hub.ear.next()
    assert heard.name == "installation_repositories.added"
    assert [one["full_name"] for one in heard.body["repositories_added"]] == ["ana/quill"]
    assert person(hub, "bo").try_to_press(page, "Create repository", name="theirs").status == 403
