"""Reading a pull request with everything that decides about money, in one call; and finding those that are open.

Used by `forge.py`. The closing references are the forge's own list first, then keywords in title, body and commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from github.Requester import Requester

from bountyhub.integrations.github import graph, keywords, reading, reverts
from bountyhub.integrations.github.client import Api, Json, by_name
from bountyhub.integrations.github.graph import WHO, Graph
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommitInfo, ForgePerson, IssueRef, LinkSource, PullRequestInfo

#: GitHub lists at most 250 commits of a pull request.
COMMIT_PAGES = 3
#: Names of other repositories in one pull request that are looked up.
MOST_LOOKUPS = 5
PULL = """query($id: ID!, $number: Int!, $after: String) { node(id: $id) { ... on Repository {
  databaseId isPrivate nameWithOwner defaultBranchRef { name }
  pullRequest(number: $number) {
    id fullDatabaseId number title body url state isDraft merged mergedAt headRefOid baseRefName mergeCommit { oid }
    author WHO mergedBy WHO files(first: 100) { nodes { path } }
    closingIssuesReferences(first: 100) { nodes { number repository { databaseId nameWithOwner } } }
    commits(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { commit { oid message
      author { user { databaseId login avatarUrl } } } } }
    reviews(last: 100, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) { nodes { state commit { oid }
      author WHO } } } } } }""".replace("WHO", WHO)
CLOSING = """query($id: ID!) { node(id: $id) { ... on PullRequest {
  closingIssuesReferences(first: 100) { nodes { number repository { databaseId nameWithOwner } } } } } }"""
#: Who put a pull request into the merge queue, the last time.
QUEUED = """query($id: ID!) { node(id: $id) { ... on PullRequest {
  timelineItems(last: 1, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT]) { nodes {
    ... on AddedToMergeQueueEvent { enqueuer { login databaseId } } } } } } }"""
#: How many open pull requests of a repository are looked through, a page at a time.
OPEN_PAGES = 20
OPEN = """query($id: ID!, $after: String) { node(id: $id) { ... on Repository {
  pullRequests(states: OPEN, first: 25, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    number title body closingIssuesReferences(first: 50) { nodes { number } }
    commits(first: 100) { nodes { commit { message } } } } } } } }"""

#: Called so, it would be taken for a commit of a transaction.
_commit_info = reading.commit

Links = tuple[tuple[IssueRef, LinkSource], ...]


def read(asked: Graph, api: Api, by: Requester, repository: int, number: int, web_url: str) -> PullRequestInfo:
    """The pull request as it stands now."""
    read = _by_graph(asked, by, repository, number) or _by_rest(api, by, repository, number)
    data = read.data
    texts = [data["title"], data.get("body") or "", *(commit.message for commit in read.commits)]
    found = dict.fromkeys(reference for text in texts for reference in keywords.closing_references(text, web_url))
    names = _names(read.closing) | {data["base"]["repo"]["full_name"].lower(): repository}
    written = keywords.resolve(tuple(found), repository, _resolver(api, by, names))
    info = _info(data, repository, read.commits, _links(read.closing, written), read.reviews, web_url)
    if info.merged_by is None or not info.merged_by.is_bot:
        return info
    return replace(info, enqueued_by=_enqueuer(api, by, data["node_id"]))


@dataclass(frozen=True)
class _Read:
    """A pull request's own fields, as REST words them, and what else decides."""

    data: Json
    commits: tuple[CommitInfo, ...]
    closing: list[Json]
    reviews: list[Json]


def _by_rest(api: Api, by: Requester, repository: int, number: int) -> _Read:
    """Four calls: where GraphQL doesn't tell."""
    path = f"/repositories/{repository}/pulls/{number}"
    data = api.get_object(by, path)
    _require_public(data["base"]["repo"]["private"], path)
    commits = tuple(map(reading.commit, api.get_list(by, f"{path}/commits", pages=COMMIT_PAGES)))
    return _Read(data, commits, _closing(api, by, data), api.get_list(by, f"{path}/reviews"))


def _require_public(private: bool, what: str) -> None:
    if private:
        raise OutsideGone(f"{what}: its repository is private")


def _by_graph(asked: Graph, by: Requester, repository: int, number: int) -> _Read | None:
    """One call (and one for each further hundred commits)."""
    node = asked.ask(by, repository, PULL, number=number, after=None)
    pull = (node or {}).get("pullRequest")
    if node is None or not pull:
        return None
    _require_public(node["isPrivate"], f"pull request {number}")
    commits, page = list(pull["commits"]["nodes"]), pull["commits"]["pageInfo"]
    for _ in range(COMMIT_PAGES - 1):
        if not page["hasNextPage"]:
            break
        more = (asked.ask(by, repository, PULL, number=number, after=page["endCursor"]) or {}).get("pullRequest")
        if not more or more["headRefOid"] != pull["headRefOid"]:
            return None
        commits, page = commits + more["commits"]["nodes"], more["commits"]["pageInfo"]
    closing = [issue for issue in (pull["closingIssuesReferences"] or {}).get("nodes") or [] if issue]
    reviews = [_review(review) for review in (pull["reviews"] or {}).get("nodes") or [] if review]
    return _Read(_data(node, pull), tuple(_of_commit(one["commit"]) for one in commits if one), closing, reviews)


def _data(node: Json, pull: Json) -> Json:
    branch = (node["defaultBranchRef"] or {}).get("name")
    repo = {"default_branch": branch, "full_name": node["nameWithOwner"], "private": node["isPrivate"]}
    return {
        "id": int(pull["fullDatabaseId"]), "node_id": pull["id"], "number": pull["number"],
        "title": pull["title"], "body": pull["body"],
        "html_url": pull["url"], "user": graph.person(pull["author"]), "draft": pull["isDraft"],
        "state": "open" if pull["state"] == "OPEN" else "closed", "merged": pull["merged"],
        "merged_at": pull["mergedAt"], "merged_by": graph.person(pull["mergedBy"]),
        "merge_commit_sha": (pull["mergeCommit"] or {}).get("oid"), "head": {"sha": pull["headRefOid"]},
        "base": {"ref": pull["baseRefName"], "repo": repo},
        "paths": [one["path"] for one in (pull["files"] or {}).get("nodes") or [] if one],
    }  # fmt: skip


def _of_commit(commit: Json) -> CommitInfo:
    user = (commit["author"] or {}).get("user")
    author = graph.person({"__typename": "User", **user}) if user else None
    return _commit_info({"sha": commit["oid"], "commit": {"message": commit["message"]}, "author": author})


def _review(review: Json) -> Json:
    oid = (review["commit"] or {}).get("oid")
    return {"user": graph.person(review["author"]), "state": review["state"], "commit_id": oid}


def naming(asked: Graph, api: Api, by: Requester, repository: int, number: int, web_url: str) -> list[int]:
    """Open pull requests that seem to close an issue of this number; reading one tells what it really closes."""
    if by.auth is None:
        return []  # GraphQL tells nobody nameless
    node_id = asked.node_id(by, repository)
    return [pull["number"] for pull in _open(api, by, node_id) if number in _numbers(pull, web_url)]


def _open(api: Api, by: Requester, node_id: str) -> Iterator[Json]:
    after = None
    for _ in range(OPEN_PAGES):
        node = api.graphql(by, OPEN, {"id": node_id, "after": after}).get("node") or {}
        page = node.get("pullRequests") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
        yield from (pull for pull in page["nodes"] if pull)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _numbers(pull: Json, web_url: str) -> set[int]:
    """The numbers of all issues it names as closed, in whatever repository."""
    listed = (pull.get("closingIssuesReferences") or {}).get("nodes") or []
    commits = (pull.get("commits") or {}).get("nodes") or []
    texts = [pull["title"], pull.get("body") or "", *(node["commit"]["message"] for node in commits if node)]
    written = {reference.number for text in texts for reference in keywords.closing_references(text, web_url)}
    return written | {issue["number"] for issue in listed if issue}


def _closing(api: Api, by: Requester, data: Json) -> list[Json]:
    """The issues GitHub itself lists; asked for by node id, which no rename changes. GraphQL tells nobody nameless."""
    if by.auth is None:
        return []
    node = api.graphql(by, CLOSING, {"id": data["node_id"]}).get("node") or {}
    return [issue for issue in (node.get("closingIssuesReferences") or {}).get("nodes") or [] if issue]


def _enqueuer(api: Api, by: Requester, node_id: str) -> ForgePerson | None:
    if by.auth is None:
        return None
    node = api.graphql(by, QUEUED, {"id": node_id}).get("node") or {}
    for event in (node.get("timelineItems") or {}).get("nodes") or []:
        person = (event or {}).get("enqueuer")
        if person and person.get("databaseId"):
            return ForgePerson(person["databaseId"], person["login"])
    return None


def _names(closing: list[Json]) -> dict[str, int]:
    repositories = [issue["repository"] for issue in closing]
    return {repository["nameWithOwner"].lower(): repository["databaseId"] for repository in repositories}


def _resolver(api: Api, by: Requester, known: dict[str, int]) -> Callable[[str], int | None]:
    """Finds ids by name: those already told, and a few by asking."""
    looked_up: dict[str, int | None] = dict(known)

    def find(name: str) -> int | None:
        if name not in looked_up and len(looked_up) < len(known) + MOST_LOOKUPS:
            looked_up[name] = _look_up(api, by, name)
        return looked_up.get(name)

    return find


def _look_up(api: Api, by: Requester, name: str) -> int | None:
    try:
        return int(api.get_object(by, by_name(name))["id"])
    except OutsideGone:
        return None


def _links(closing: list[Json], written: tuple[IssueRef, ...]) -> Links:
    """Each issue once; the forge's own word counts before ours."""
    found: dict[IssueRef, LinkSource] = {}
    for issue in closing:
        found[IssueRef(issue["repository"]["databaseId"], issue["number"])] = LinkSource.CLOSING
    for reference in written:
        found.setdefault(reference, LinkSource.KEYWORD)
    return tuple(found.items())


def _info(
    data: Json, repository: int, commits: tuple[CommitInfo, ...], closes: Links, reviews: list[Json], web_url: str
) -> PullRequestInfo:
    base, merged = data["base"], bool(data["merged"])
    said = reverts.of_pull(data["title"], data.get("body") or "", base["repo"]["full_name"], web_url)
    takes_back = dict.fromkeys([*said, *(one for commit in commits for one in commit.takes_back)])
    return PullRequestInfo(
        id=data["id"], repository=repository, number=data["number"], title=data["title"],
        body=data.get("body") or "", url=data["html_url"], author=reading.person(data.get("user")),
        is_open=data["state"] == "open", draft=bool(data.get("draft")), merged=merged,
        merged_at=reading.moment(data["merged_at"]) if merged else None,
        merged_by=reading.person(data["merged_by"]) if merged else None,
        # An open pull request has a merge commit too: GitHub's trial merge.
        merge_sha=(data["merge_commit_sha"] or "") if merged else "", head_sha=data["head"]["sha"],
        base=base["ref"], base_is_default=base["ref"] == base["repo"]["default_branch"],
        closes=closes, commits=commits, approvals=reading.approvals(reviews), takes_back=tuple(takes_back),
        paths=tuple(data.get("paths") or ()),
    )  # fmt: skip
