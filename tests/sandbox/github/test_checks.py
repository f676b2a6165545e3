"""Check runs in the merge box, through PyGithub."""

from __future__ import annotations

import pytest
from github import GithubException
from github.Repository import Repository

from tests.sandbox.github.hub import Hub

OUTPUT: dict[str, str | list[dict[str, str | int]]] = {
    "title": "Merging this releases 565 €",
    "summary": "of #1 to @bo",
}


def head(hub: Hub) -> tuple[Repository, str]:
    repo = hub.install().get_repo("ana/inkwell")
    made = hub.do("open_pull_request", repo="ana/inkwell", as_="bo", title="x", body="Fixes #1")
    return repo, str(made["head_sha"])


def test_a_check_run_is_made_and_found(hub: Hub) -> None:
    repo, sha = head(hub)
    made = repo.create_check_run("bountyhub", sha, conclusion="neutral", output=OUTPUT)
    assert (made.status, made.conclusion, made.output.title) == ("completed", "neutral", OUTPUT["title"])
    assert made.completed_at is not None
    assert [run.id for run in repo.get_commit(sha).get_check_runs(check_name="bountyhub")] == [made.id]


def test_a_check_run_is_renewed_in_place(hub: Hub) -> None:
    repo, sha = head(hub)
    made = repo.create_check_run("bountyhub", sha, status="in_progress")
    made.edit(conclusion="success", output=OUTPUT)
    assert repo.get_check_run(made.id).conclusion == "success"


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "fields",
    [{"conclusion": "splendid"}, {"status": "completed"}, {"status": "odd"}, {"output": {"title": "no summary"}}],
)
def test_a_malformed_check_run_is_refused(hub: Hub, fields: dict[str, object]) -> None:
    _, sha = head(hub)
    answer = hub.send("POST", "/repos/ana/inkwell/check-runs", hub.token(), name="x", head_sha=sha, **fields)
    assert answer.status_code == 422


@pytest.mark.nonsense
def test_an_unknown_commit_takes_no_check_run(hub: Hub) -> None:
    repo, _ = head(hub)
    with pytest.raises(GithubException) as refused:
        repo.create_check_run("bountyhub", "0" * 40)
    assert refused.value.status == 422
