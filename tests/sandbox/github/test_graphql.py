"""The closing references by GraphQL, through PyGithub."""

from __future__ import annotations

from typing import Any

import pytest
from github import Github, GithubException

from tests.sandbox.github.hub import Hub

BY_NAME = """
query($owner: String!, $name: String!, $number: Int!, $first: Int = 50) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      closingIssuesReferences(first: $first) { totalCount nodes { number databaseId repository { databaseId } } }
    }
  }
}
"""
BY_NODE = """
query Linked($id: ID!) {
  node(id: $id) { ... on PullRequest { closing: closingIssuesReferences(first: 10) { nodes { number } } } }
}
"""


def by_name(github: Github, number: int, owner: str = "ana", name: str = "inkwell") -> list[dict[str, Any]]:
    values = {"owner": owner, "name": name, "number": number}
    _, answer = github.requester.graphql_query(BY_NAME, values)
    nodes: list[dict[str, Any]] = answer["data"]["repository"]["pullRequest"]["closingIssuesReferences"]["nodes"]
    return nodes


def pull(hub: Hub, **given: Any) -> int:
    made = hub.do("open_pull_request", **{"repo": "ana/inkwell", "as": "bo", "title": "x"} | given)
    return int(made["number"])


def test_references_carry_numbers_and_ids(hub: Hub) -> None:
    github = hub.install()
    issue = github.get_repo("ana/inkwell").get_issue(2)
    (found,) = by_name(github, pull(hub, body="Fixes #2"))
    assert found == {"number": 2, "databaseId": issue.id, "repository": {"databaseId": issue.repository.id}}


@pytest.mark.parametrize(
    "body, numbers",
    [
        ("Fixes #1, closes #2", [1, 2]),
        ("`Fixes #1`", []),
        ("Fixes #99", []),
        ("see #1", []),
        ("Fixes #1 fixes #1", [1]),
    ],
)
def test_the_body_decides(hub: Hub, body: str, numbers: list[int]) -> None:
    github = hub.install()
    assert [node["number"] for node in by_name(github, pull(hub, body=body))] == numbers


def test_the_title_and_commits_alone_list_nothing(hub: Hub) -> None:
    github = hub.install()
    assert by_name(github, pull(hub, title="Fixes #1", commits=["Fixes #2"])) == []


def test_another_branch_lists_nothing(hub: Hub) -> None:
    github = hub.install()
    assert by_name(github, pull(hub, body="Fixes #1", base="next")) == []


def test_a_pull_request_is_no_reference(hub: Hub) -> None:
    github = hub.install()
    first = pull(hub)
    assert by_name(github, pull(hub, body=f"Fixes #{first}")) == []


def test_a_transferred_issue_is_followed(hub: Hub) -> None:
    github = hub.install()
    number = pull(hub, body="Fixes #2")
    new = hub.do("transfer_issue", repo="ana/inkwell", number=2, to="ana/pinsel")
    assert [node["databaseId"] for node in by_name(github, number)] == [new["id"]]


def test_a_private_issue_does_not_show_through(hub: Hub) -> None:
    github = hub.install("ana", "ana/inkwell")
    assert by_name(github, pull(hub, body="Fixes ana/secret#1")) == []


def test_other_repositories_are_listed(hub: Hub) -> None:
    github = hub.install()
    (found,) = by_name(github, pull(hub, body="Fixes eve/almanac#1"))
    assert found["repository"]["databaseId"] == github.get_repo("eve/almanac").id


def test_a_node_is_found_by_its_id(hub: Hub) -> None:
    github = hub.install()
    node_id = github.get_repo("ana/inkwell").get_pull(pull(hub, body="Fixes #1")).node_id
    _, answer = github.requester.graphql_query(BY_NODE, {"id": node_id})
    assert answer["data"]["node"]["closing"]["nodes"] == [{"number": 1}]


def test_an_issue_tells_its_id_as_a_text_too(hub: Hub) -> None:
    github = hub.install()
    issue = github.get_repo("ana/inkwell").get_issue(1)
    query = '{ repository(owner: "ana", name: "inkwell") { issue(number: 1) { databaseId fullDatabaseId } } }'
    _, answer = github.requester.graphql_query(query, {})
    assert answer["data"]["repository"]["issue"] == {"databaseId": issue.id, "fullDatabaseId": str(issue.id)}


def test_pages_follow_a_cursor(hub: Hub) -> None:
    github = hub.install()
    node_id = github.get_repo("ana/inkwell").get_pull(pull(hub, body="Fixes #1 fixes #2 fixes #3")).node_id
    wanted = "closingIssuesReferences(first: 2, after: %s) { nodes { number } pageInfo { hasNextPage endCursor } }"
    _, first = github.requester.graphql_node(node_id, wanted % "null", "PullRequest")
    page = first["data"]["node"]["closingIssuesReferences"]
    assert page["pageInfo"]["hasNextPage"]
    cursor = f'"{page["pageInfo"]["endCursor"]}"'
    _, last = github.requester.graphql_node(node_id, wanted % cursor, "PullRequest")
    assert last["data"]["node"]["closingIssuesReferences"]["nodes"] == [{"number": 3}]


def test_open_pull_requests_are_listed_oldest_first(hub: Hub) -> None:
    github = hub.install()
    first, closed, last = pull(hub), pull(hub), pull(hub)
    hub.do("close", repo="ana/inkwell", number=closed)
    query = """query($after: String) { repository(owner: "ana", name: "inkwell") {
      pullRequests(states: OPEN, first: 10, after: $after) { nodes { number } pageInfo { hasNextPage } } } }"""
    _, answer = github.requester.graphql_query(query, {"after": None})
    page = answer["data"]["repository"]["pullRequests"]
    assert [node["number"] for node in page["nodes"]][-2:] == [first, last]
    assert not page["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("query", ['{ repository(owner: "ana", name: "none") { id } }', '{ node(id: "x") { id } }'])
def test_what_does_not_exist_is_an_error(hub: Hub, query: str) -> None:
    with pytest.raises(GithubException, match="Could not resolve"):
        hub.install().requester.graphql_query(query, {})


@pytest.mark.nonsense
@pytest.mark.parametrize(
    "query, words",
    [
        ("{ viewer { shoeSize } }", "shoeSize"),
        ("{ viewer }", "selections"),
        ("{ viewer { login", "Expected"),
        ("mutation { x }", "Mutations"),
        ("query { viewer { login } } ; ", "Unexpected"),
    ],
)
def test_a_malformed_question_is_an_error(hub: Hub, query: str, words: str) -> None:
    github = hub.install()
    with pytest.raises(GithubException) as refused:
        github.requester.graphql_query(query, {})
    assert words in str(refused.value.data)


def test_nobody_asks_without_a_token(hub: Hub) -> None:
    answer = hub.session.post(f"{hub.url}/github/api/graphql", json={"query": "{ viewer { login } }"}, timeout=5)
    assert answer.status_code == 401
