"""Files are written by commits, read as they were at any of them, and edited on the policy file's page."""

from __future__ import annotations

from typing import Any

import pytest
from github import UnknownObjectException
from github.Repository import Repository

from tests.sandbox.github.hub import Browser, Hub

INKWELL = "ana/inkwell"
PATH = ".github/bountyhub.yml"


def text(repo: Repository, ref: str = "main") -> str | None:
    try:
        found = repo.get_contents(PATH, ref=ref)
    except UnknownObjectException:
        return None
    assert not isinstance(found, list)
    return found.decoded_content.decode()


def write(hub: Hub, content: str | None, **given: Any) -> dict[str, Any]:
    return hub.do("put_file", repo=INKWELL, path=PATH, content=content, **given)


def test_each_commit_keeps_what_the_file_said_then(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    first, second = write(hub, "windows: 8")["sha"], write(hub, "windows: 9")["sha"]
    write(hub, None)
    assert [text(repo, ref) for ref in (first, second, "main")] == ["windows: 8", "windows: 9", None]
    hub.do("push", repo=INKWELL, messages=["Something else"])
    found = repo.get_commits(path=PATH, sha="main")
    assert [commit.commit.message for commit in found][1:] == [f"Update {PATH}"] * 2
    assert found[0].commit.message == f"Delete {PATH}"


def test_a_push_names_the_file(hub: Hub) -> None:
    hub.install()
    write(hub, "windows: 8")
    told = hub.ear.next()
    assert (told.name, told.body["ref"]) == ("push", "refs/heads/main")
    assert told.body["head_commit"]["modified"] == [PATH]
    write(hub, None, branch="next")
    told = hub.ear.next()
    assert (told.body["ref"], told.body["head_commit"]["removed"]) == ("refs/heads/next", [PATH])


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_proposed_file_counts_once_it_is_merged(hub: Hub, method: str) -> None:
    repo = hub.install().get_repo(INKWELL)
    write(hub, "windows: 8")
    made = hub.do("propose_file", repo=INKWELL, path=PATH, content="windows: 9", as_="bo")
    hub.do("push", repo=INKWELL, number=made["number"], messages=["And code"])
    again = hub.do("propose_file", repo=INKWELL, path=PATH, content="windows: 10", number=made["number"], as_="bo")
    assert [text(repo, ref) for ref in ("main", made["head_sha"], again["head_sha"])] == [
        "windows: 8", "windows: 9", "windows: 10",
    ]  # fmt: skip
    assert PATH in [file.filename for file in repo.get_pull(made["number"]).get_files()]
    hub.do("merge", repo=INKWELL, number=made["number"], method=method)
    assert text(repo) == "windows: 10"


def test_a_path_that_is_none_is_refused(hub: Hub) -> None:
    assert hub.try_to("put_file", repo=INKWELL, path="/etc/", content="x").status_code == 422


def test_the_page_commits_proposes_and_deletes(hub: Hub) -> None:
    repo, ana, page = hub.install().get_repo(INKWELL), Browser(hub, "ana"), f"/{INKWELL}/policy"
    assert ana.go(page, content="windows: 8\r\n", how="commit") == page
    assert "windows: 8" in ana.page(page) and text(repo) == "windows: 8\n"
    pull = Browser(hub, "bo").go(page, content="windows: 9", how="propose")
    assert text(repo) == "windows: 8\n" and f"Update {PATH}" in ana.page(pull)
    ana.go(page, content=" ", how="commit")
    assert text(repo) is None and "there is none" in ana.page(page)


def test_only_who_may_write_commits(hub: Hub) -> None:
    page = f"/{INKWELL}/policy"
    assert Browser(hub, "dara").press(page, content="x", how="commit").status_code == 403
    assert "Commit to" not in Browser(hub, "dara").page(page)
    assert Browser(hub).press(page, content="x", how="propose").status_code == 401
