"""Who sees and may do what: roles, private repositories, renames, handing over."""

from __future__ import annotations

import pytest
from github import GithubException, UnknownObjectException

from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


@pytest.mark.parametrize(
    "login, permission, role",
    [
        ("ana", "admin", "admin"),
        ("eve", "write", "maintain"),
        ("bo", "read", "triage"),
        ("dara", "read", "read"),
    ],
)
def test_roles_carry_githubs_two_names(hub: Hub, login: str, permission: str, role: str) -> None:
    repo = hub.install().get_repo(INKWELL)
    assert repo.get_collaborator_permission(login) == permission
    assert repo.get_collaborator_role_name(login) == role


def test_strangers_have_no_role_in_a_private_repository(hub: Hub) -> None:
    assert hub.install().get_repo("ana/secret").get_collaborator_role_name("dara") == "none"


@pytest.mark.parametrize("role", ["write", "maintain", "admin", "none"])
def test_a_role_is_given_and_taken(hub: Hub, role: str) -> None:
    hub.do("set_permission", repo="ana/secret", login="dara", role=role)
    assert hub.install().get_repo("ana/secret").get_collaborator_role_name("dara") == role


def test_an_unknown_person_has_no_permission(hub: Hub) -> None:
    with pytest.raises(GithubException) as refused:
        hub.install().get_repo(INKWELL).get_collaborator_permission("nobody-at-all")
    assert (refused.value.status, refused.value.message) == (404, "nobody-at-all is not a user")


def test_a_private_repository_is_not_there_for_others(hub: Hub) -> None:
    github = hub.install("ana", "ana/inkwell")
    with pytest.raises(UnknownObjectException):
        github.get_repo("ana/secret")
    assert hub.get("/repos/ana/secret/issues/1").status_code == 404


def test_what_is_public_is_read_without_a_token(hub: Hub) -> None:
    assert hub.get("/repos/ana/inkwell/issues/1").status_code == 200


def test_a_repository_made_private_is_told_and_hidden(hub: Hub) -> None:
    hub.install()
    hub.do("privatize", repo=INKWELL)
    assert hub.ear.next().name == "repository.privatized"
    assert hub.get("/repos/ana/inkwell").status_code == 404
    assert hub.get("/repos/ana/inkwell", hub.token()).json()["private"]


def test_a_renamed_repository_redirects_and_keeps_its_id(hub: Hub) -> None:
    github = hub.install()
    id = github.get_repo(INKWELL).id
    hub.do("rename_repository", repo=INKWELL, name="inkpot")
    heard = hub.ear.next()
    assert (heard.name, heard.body["changes"]["repository"]["name"]["from"]) == ("repository.renamed", "inkwell")
    assert hub.get("/repos/ana/inkwell/issues?per_page=1", hub.token()).status_code == 301
    assert github.get_repo(INKWELL).full_name == "ana/inkpot"
    assert github.get_repo(id).full_name == "ana/inkpot"


def test_a_comment_under_a_former_name_is_not_written(hub: Hub) -> None:
    hub.install()
    hub.do("rename_repository", repo=INKWELL, name="inkpot")
    answer = hub.send("POST", "/repos/ana/inkwell/issues/1/comments", hub.token(), body="lost")
    assert answer.status_code == 307
    assert hub.get("/repos/ana/inkpot/issues/1/comments", hub.token()).json() == []


def test_a_former_name_can_be_taken_again(hub: Hub) -> None:
    hub.do("rename_repository", repo=INKWELL, name="inkpot")
    new = hub.do("create_repository", owner="ana", name="inkwell")
    assert hub.get("/repos/ana/inkwell").json()["id"] == new["id"]


def test_a_repository_handed_over_leaves_the_installation(hub: Hub) -> None:
    hub.install()
    hub.install("eve")
    hub.do("transfer_repository", repo="ana/pinsel", owner="eve")
    names = ["installation_repositories.removed", "installation_repositories.added", "repository.transferred"]
    assert hub.ear.names(3) == names
    assert hub.get("/repos/ana/pinsel").headers["Location"].endswith("/repositories/740000002")


def test_an_archived_repository_is_read_only(hub: Hub) -> None:
    issue = hub.install().get_repo(INKWELL).get_issue(1)
    hub.do("archive_repository", repo=INKWELL)
    assert hub.ear.next().name == "repository.archived"
    with pytest.raises(GithubException) as refused:
        issue.create_comment("Hello")
    assert refused.value.status == 403


def test_a_deleted_repository_is_gone(hub: Hub) -> None:
    github = hub.install("ana", "ana/inkwell", "ana/pinsel")
    hub.do("delete_repository", repo=INKWELL)
    assert hub.ear.next().name == "repository.deleted"
    with pytest.raises(UnknownObjectException):
        github.get_repo(INKWELL)


def test_people_are_found_by_id_whatever_they_are_called(hub: Hub) -> None:
    github = hub.install()
    id = github.get_user("bo").id
    hub.do("rename_person", login="bo", to="bo-the-builder")
    hub.do("create_person", login="bo")
    assert github.get_user_by_id(id).login == "bo-the-builder"
    assert github.get_user("bo").id != id


def test_a_file_is_read_by_its_path(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    hub.do("put_file", repo=INKWELL, path=".github/bountyhub.yml", content="bounties: yes\n")
    content = repo.get_contents(".github/bountyhub.yml")
    assert not isinstance(content, list)
    assert content.decoded_content == b"bounties: yes\n"
    with pytest.raises(UnknownObjectException):
        repo.get_contents("README.rst")


@pytest.mark.parametrize(
    "action, given, status",
    [
        ("no_such_action", {}, 404),
        ("close", {"repo": "no/where", "number": 1}, 404),
        ("close", {"repo": INKWELL, "number": "seven"}, 422),
        ("close", {"repo": INKWELL, "number": 1, "as": "nobody-at-all"}, 404),
        ("create_person", {"login": "ana"}, 422),
        ("create_repository", {"owner": "ana", "name": "inkwell"}, 422),
        ("open_issue", {"repo": INKWELL, "title": " "}, 422),
        ("set_permission", {"repo": INKWELL, "login": "bo", "role": "king"}, 422),
    ],
)
def test_a_wrong_control_action_says_so(hub: Hub, action: str, given: dict[str, object], status: int) -> None:
    answer = hub.try_to(action, **given)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_world_with_known_ids_is_built(hub: Hub) -> None:
    hub.do("create_person", login="Codertocat", id=21031067)
    hub.do("create_repository", owner="Codertocat", name="Hello-World", id=186853002)
    hub.do("install", account="Codertocat", id=5)
    hub.do("open_issue", repo="186853002", title="Spelling error", number=1, id=444500041)
    made = hub.do("open_pull_request", repo="186853002", as_="Codertocat", title="x", number=2, id=279147437)
    comment = hub.do("comment", repo="186853002", number=1, body="Hi", id=492700400)
    assert (made["number"], made["id"], comment["id"]) == (2, 279147437, 492700400)
    assert hub.do("open_issue", repo="186853002", title="Next")["number"] == 3
    assert hub.get("/repositories/186853002/issues/1").json()["id"] == 444500041


@pytest.mark.parametrize(
    "action, given",
    [
        ("create_person", {"login": "other", "id": 58_000_001}),
        ("create_repository", {"owner": "ana", "name": "other", "id": 740_000_001}),
        ("open_issue", {"repo": INKWELL, "title": "x", "number": 1}),
    ],
)
def test_a_taken_id_is_refused(hub: Hub, action: str, given: dict[str, object]) -> None:
    assert hub.try_to(action, **given).status_code == 422


def test_the_app_finds_its_installation_on_a_private_repository(hub: Hub) -> None:
    hub.install()
    assert hub.app().get_repo_installation("ana", "secret").id
    assert hub.get("/repos/eve/almanac/installation", hub.app().auth.token).status_code == 404


def test_the_control_actions_are_listed_with_their_fields(hub: Hub) -> None:
    listed = hub.session.get(f"{hub.url}/github/control", timeout=5).json()
    assert listed["merge"] == "repo, number, method? (merge, squash, rebase), queued?, as?"
