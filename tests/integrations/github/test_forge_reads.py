"""What the forge tells of repositories, issues, comments and people, read from the stand-in over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge import Forge, ForgePerson, Permission
from tests.integrations.github.conftest import Inkwell
from tests.integrations.github.github_sandbox import GitHub, settings_for


def nowhere(repository: int) -> int | None:
    """The App is installed on nothing."""
    return None


def somebody(github: GitHub, login: str) -> ForgePerson:
    return ForgePerson(github.person(login), login)


def test_it_is_a_forge_and_reaches_the_app(inkwell: Inkwell) -> None:
    assert isinstance(inkwell.forge, Forge)
    assert inkwell.forge.check() == "bountyhub"


def test_a_wrong_key_is_refused(github: GitHub) -> None:
    settings = settings_for(github).model_copy(update={"GITHUB_APP_ID": "999"})
    with pytest.raises((OutsideRefused, OutsideGone)):
        GitHubForge(settings, nowhere).check()


def test_an_installed_repository_is_found_by_name(inkwell: Inkwell) -> None:
    found = inkwell.forge.find_repository("Ana", "Inkwell")
    assert (found.id, found.owner, found.name, found.installation) == (
        inkwell.id,
        "ana",
        "inkwell",
        inkwell.installation,
    )
    assert (found.default_branch, found.private, found.archived) == ("main", False, False)
    assert found.licence == "AGPL-3.0"
    assert found == inkwell.forge.read_repository(inkwell.id)


def test_a_public_repository_without_the_app_is_read_as_anybody_may(inkwell: Inkwell) -> None:
    found = inkwell.forge.find_repository("eve", "almanac")
    assert found.installation is None
    assert inkwell.forge.read_repository(found.id).name == "almanac"
    assert inkwell.forge.open_issues(found.id)


def test_without_any_installation_public_things_are_still_read(github: GitHub) -> None:
    forge = GitHubForge(settings_for(github), nowhere)
    found = forge.find_repository("eve", "almanac")
    assert forge.read_issue(found.id, 1).number == 1


@pytest.mark.parametrize("name", ["ana/secret", "ana/nothing", "nobody/nothing", "../user", "ana/..", "a b/c?d#e"])
def test_a_repository_one_may_not_know_of_is_gone(inkwell: Inkwell, name: str) -> None:
    owner, _, repository = name.partition("/")
    with pytest.raises(OutsideGone):
        inkwell.forge.find_repository(owner, repository)


def test_a_rename_is_followed_and_the_id_stays(inkwell: Inkwell) -> None:
    inkwell.github.do("rename_repository", repo="ana/inkwell", name="quill")
    assert inkwell.forge.read_repository(inkwell.id).name == "quill"
    assert inkwell.forge.find_repository("ana", "inkwell").id == inkwell.id


def test_installations_and_their_repositories(inkwell: Inkwell) -> None:
    info = inkwell.forge.read_installation(inkwell.installation)
    assert (info.account, info.account_id, info.suspended) == ("ana", inkwell.github.person("ana"), False)
    (only,) = inkwell.forge.installed_repositories(inkwell.installation)
    assert (only.id, only.installation) == (inkwell.id, inkwell.installation)


def test_a_suspended_installation_counts_as_none(inkwell: Inkwell) -> None:
    inkwell.github.do("suspend", account="ana")
    assert inkwell.forge.read_installation(inkwell.installation).suspended
    assert inkwell.forge.find_repository("ana", "inkwell").installation is None
    with pytest.raises(OutsideRefused, match="App"):
        inkwell.forge.read_issue(inkwell.id, 1)


def test_a_removed_installation_is_gone_and_no_repository_is_taken_for_deleted(inkwell: Inkwell) -> None:
    inkwell.forge.read_issue(inkwell.id, 1)
    inkwell.github.do("uninstall", account="ana")
    with pytest.raises(OutsideGone):
        inkwell.forge.read_installation(inkwell.installation)
    fresh = GitHubForge(settings_for(inkwell.github), inkwell.installations.get)
    with pytest.raises(OutsideRefused, match="App"):
        fresh.read_issue(inkwell.id, 1)


def test_an_issue_as_it_stands(inkwell: Inkwell) -> None:
    made = inkwell.github.do("open_issue", repo="ana/inkwell", title="Dark theme", body="Please", labels=["bug"])
    found = inkwell.forge.read_issue(inkwell.id, made["number"])
    assert (found.id, found.repository, found.title, found.body) == (made["id"], inkwell.id, "Dark theme", "Please")
    assert (found.labels, found.is_open, found.is_pull_request) == (("bug",), True, False)
    assert (found.author.login, found.author.id) == ("ana", inkwell.github.person("ana"))
    inkwell.github.do("close", repo="ana/inkwell", number=made["number"])
    assert not inkwell.forge.read_issue(inkwell.id, made["number"]).is_open


def test_a_pull_request_read_as_an_issue_says_so(inkwell: Inkwell) -> None:
    made = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    assert inkwell.forge.read_issue(inkwell.id, made["number"]).is_pull_request


def test_a_deleted_issue_is_gone(inkwell: Inkwell) -> None:
    inkwell.github.do("delete_issue", repo="ana/inkwell", number=1)
    with pytest.raises(OutsideGone):
        inkwell.forge.read_issue(inkwell.id, 1)


def test_a_transferred_issue_answers_from_its_new_repository(inkwell: Inkwell) -> None:
    moved = inkwell.github.do("transfer_issue", repo="ana/inkwell", number=1, to="ana/pinsel")
    found = inkwell.forge.read_issue(inkwell.id, 1)
    assert (found.repository, found.number) == (inkwell.github.repository("ana/pinsel"), moved["number"])


def test_open_issues_come_newest_first_without_pull_requests(inkwell: Inkwell) -> None:
    inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    for count in range(34):
        inkwell.github.do("open_issue", repo="ana/inkwell", title=f"Wish {count}")
    first, second = inkwell.forge.open_issues(inkwell.id), inkwell.forge.open_issues(inkwell.id, page=2)
    assert first[0].title == "Wish 33"
    assert (len(first), len(second)) == (30, 9)
    assert not any(issue.is_pull_request for issue in [*first, *second])
    assert inkwell.forge.open_issues(inkwell.id, page=3) == []


@pytest.mark.parametrize(
    ("login", "expected"),
    [("ana", Permission.ADMIN), ("eve", Permission.MAINTAIN), ("bo", Permission.TRIAGE), ("dara", Permission.READ)],
)
def test_permissions_by_role(inkwell: Inkwell, login: str, expected: Permission) -> None:
    assert inkwell.forge.permission(inkwell.id, somebody(inkwell.github, login)) is expected


def test_a_permission_follows_the_person_not_the_login(inkwell: Inkwell) -> None:
    eve = somebody(inkwell.github, "eve")
    inkwell.github.do("rename_person", login="eve", to="evelyn")
    inkwell.github.do("create_person", login="eve")
    assert inkwell.forge.permission(inkwell.id, eve) is Permission.MAINTAIN
    thief = somebody(inkwell.github, "eve")
    assert inkwell.forge.permission(inkwell.id, thief) is Permission.READ


def test_a_deleted_account_may_nothing(inkwell: Inkwell) -> None:
    assert inkwell.forge.permission(inkwell.id, ForgePerson(0, "ghost")) is Permission.NONE
    assert inkwell.forge.permission(inkwell.id, ForgePerson(987_654_321, "nobody-at-all")) is Permission.NONE


def test_comments_say_where_they_stand(inkwell: Inkwell) -> None:
    pull = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    for number, on_pull_request in ((1, False), (pull["number"], True)):
        made = inkwell.github.do("comment", repo="ana/inkwell", number=number, body="/claim", **{"as": "dara"})
        found = inkwell.forge.read_comment(inkwell.id, made["id"])
        assert (found.number, found.body, found.on_pull_request) == (number, "/claim", on_pull_request)
        assert found.author.login == "dara"
        assert found in inkwell.forge.comments_since(inkwell.id, number, clock.now() - timedelta(minutes=1))


def test_where_the_app_is_not_nobody_is_known_to_have_rights(inkwell: Inkwell) -> None:
    ana = somebody(inkwell.github, "ana")
    inkwell.github.do("uninstall", account="ana")
    inkwell.installations.clear()
    assert inkwell.forge.permission(inkwell.id, ana) is Permission.NONE
