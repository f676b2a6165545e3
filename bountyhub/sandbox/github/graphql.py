"""The GraphQL endpoint, for what REST does not tell: the issues a pull request closes.

Objects are tables of fields, each a value or a function of its arguments; a field nobody defined is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bountyhub.sandbox.github import access
from bountyhub.sandbox.github.actions.comments import comments_of
from bountyhub.sandbox.github.actions.merging import closing_references
from bountyhub.sandbox.github.actions.pulls import commits_of, reviews_of
from bountyhub.sandbox.github.calls import Call, blueprint, body, json_response, run
from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.graphql_language import Field, QueryError, parse
from bountyhub.sandbox.github.limits import LIMIT
from bountyhub.sandbox.github.nodes import node_id, parse_node_id
from bountyhub.sandbox.github.shapes.issues import issue_node, labels_of
from bountyhub.sandbox.github.shapes.people import PREFIXES, simple_user
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc

Node = dict[str, Any]


@blueprint.post("/api/graphql")
def graphql() -> Any:
    return run(_execute)


def _execute(call: Call) -> Any:
    if call.actor.kind in ("anonymous", "app"):
        raise GithubError(401, "This endpoint requires you to be authenticated.")
    given = body()
    try:
        fields = parse(str(given.get("query", "")), given.get("variables") or {})
        return json_response({"data": _select(_root(call), fields)})
    except QueryError as error:
        problem = {"type": "NOT_FOUND" if "resolve" in str(error) else "QUERY", "message": str(error)}
        return json_response({"data": None, "errors": [problem]})


def _select(node: Node, fields: list[Field]) -> Node:
    chosen: Node = {}
    for wanted in fields:
        if wanted.on not in (None, "Node", node["__typename"]):
            continue
        if wanted.name not in node:
            raise QueryError(f"Field '{wanted.name}' doesn't exist on type '{node['__typename']}'")
        chosen[wanted.alias] = _complete(_value(node, wanted), wanted)
    return chosen


def _value(node: Node, wanted: Field) -> Any:
    value = node[wanted.name]
    return value(**wanted.arguments) if callable(value) else value


def _complete(value: Any, wanted: Field) -> Any:
    if isinstance(value, list):
        return [_complete(item, wanted) for item in value]
    if not isinstance(value, dict):
        return value
    if not wanted.selections:
        raise QueryError(f"Field '{wanted.name}' must have selections")
    return _select(value, wanted.selections)


# ---------------------------------------------------------------- the graph


def _root(call: Call) -> Node:
    def repository(owner: str = "", name: str = "", followRenames: bool = True) -> Node:  # noqa: N803
        found = call.world.repo_by_name(f"{owner}/{name}")
        if found is None and followRenames:
            found = call.world.moved_repo(f"{owner}/{name}")
        if found is None or found["deleted"] or not access.can_see(call.actor, found):
            raise QueryError(f"Could not resolve to a Repository with the name '{owner}/{name}'.")
        return _repository(call, found)

    return {
        "__typename": "Query",
        "repository": repository,
        "node": lambda id="": _node(call, str(id)),
        "viewer": lambda: _actor(call, call.person),
        "rateLimit": {"__typename": "RateLimit", "limit": LIMIT, "cost": 1, "remaining": LIMIT - 1},
    }


def _node(call: Call, id: str) -> Node:
    missing = QueryError(f"Could not resolve to a node with the global id of '{id}'")
    parsed = parse_node_id(id)
    if parsed is None:
        raise missing
    kind, key = parsed
    makers: dict[str, Callable[[], Node]] = {
        "R": lambda: _repository(call, _visible(call, int(key[0]))),
        "PR": lambda: _numbered(call, _visible(call, int(key[0])), int(key[1])),
        "I": lambda: _numbered(call, _visible(call, int(key[0])), int(key[1])),
    }
    try:
        return makers[kind]()
    except (GithubError, KeyError) as error:
        raise missing from error


def _visible(call: Call, id: int) -> Doc:
    repo = call.world.repo(id)
    access.require_visible(call.actor, repo)
    return repo


def _numbered(call: Call, repo: Doc, number: int) -> Node:
    doc = call.world.issue(repo, number)
    return _pull(call, repo, doc) if doc["pull"] else _issue(call, repo, doc)


def _somebody(call: Call, id: int | None) -> Node | None:
    """Nobody where the account is deleted: this API knows no ghost."""
    person = None if id is None else call.world.person(id)
    return None if person is None or person.get("deleted") else _actor(call, person)


def _actor(call: Call, person: Doc) -> Node:
    kind = person["type"]
    id = node_id(PREFIXES[kind], person["id"])
    login = person["login"].removesuffix("[bot]")  # GraphQL leaves it away
    avatar = simple_user(call.world.urls, person)["avatar_url"]
    return {"__typename": kind, "login": login, "databaseId": person["id"], "id": id, "avatarUrl": avatar}


def _repository(call: Call, repo: Doc) -> Node:
    def numbered(number: int, kind: str) -> Node:
        found = call.world.find_issue(repo, number)
        if (
            found is None
            or bool(found["pull"]) != (kind == "PullRequest")
            or found["state"] in ("deleted", "transferred")
        ):
            raise QueryError(f"Could not resolve to {kind} with the number of {number}.")
        return _numbered(call, repo, number)

    return {
        "__typename": "Repository",
        "id": node_id("R", repo["id"]),
        "databaseId": repo["id"],
        "name": repo["name"],
        "nameWithOwner": repo["full_name"],
        "isPrivate": repo["private"],
        "isArchived": repo["archived"],
        "url": call.world.urls.page(repo),
        "owner": lambda: _actor(call, call.world.person(repo["owner"])),
        "defaultBranchRef": {"__typename": "Ref", "name": repo["default_branch"]},
        "issue": lambda number=0: numbered(number, "Issue"),
        "pullRequest": lambda number=0: numbered(number, "PullRequest"),
        "pullRequests": lambda states=None, **page: _pulls(call, repo, states, page),
    }


def _pulls(call: Call, repo: Doc, states: str | list[str] | None, page: dict[str, Any]) -> Node:
    """Oldest first; one state may stand without its brackets."""
    wanted = [states] if isinstance(states, str) else states
    docs = sorted(call.world.issues(repo, "all", ("pull",)), key=lambda doc: int(doc["number"]))
    nodes = [_pull(call, repo, doc) for doc in docs]
    return _connection("PullRequest", [node for node in nodes if not wanted or node["state"] in wanted], page)


def _common(call: Call, repo: Doc, doc: Doc) -> Node:
    path = "pull" if doc["pull"] else "issues"
    return {
        "id": issue_node(doc),
        "number": doc["number"],
        "title": doc["title"],
        "body": doc["body"] or "",
        "url": f"{call.world.urls.page(repo)}/{path}/{doc['number']}",
        "locked": doc["locked"],
        "createdAt": iso(doc["created"]),
        "updatedAt": iso(doc["updated"]),
        "closedAt": iso(doc["closed_at"]),
        "lastEditedAt": iso(doc["edited_at"]),
        "closed": doc["state"] == "closed",
        "author": lambda: _somebody(call, doc["author"]),
        "repository": lambda: _repository(call, repo),
    }


def _issue(call: Call, repo: Doc, doc: Doc) -> Node:
    reason = doc["state_reason"]
    own = {"__typename": "Issue", "databaseId": doc["id"], "fullDatabaseId": str(doc["id"])}
    own |= {"state": doc["state"].upper(), "stateReason": reason.upper() if reason else None}
    own["labels"] = lambda **page: _connection("Label", [_label(one) for one in labels_of(call.world, repo, doc)], page)
    own["comments"] = lambda **page: _connection(
        "IssueComment", [_comment(one) for one in comments_of(call.world, doc)], page
    )
    return _common(call, repo, doc) | own


def _label(shape: Doc) -> Node:
    return {"__typename": "Label", "name": shape["name"], "color": shape["color"]}


def _comment(doc: Doc) -> Node:
    own = {"__typename": "IssueComment", "databaseId": doc["id"], "fullDatabaseId": str(doc["id"]), "body": doc["body"]}
    return own | {"isMinimized": doc.get("hidden", False)}


def _pull(call: Call, repo: Doc, doc: Doc) -> Node:
    part = doc["pull"]
    merged = part["merged_at"] is not None
    by = part["merged_by"]
    return _common(call, repo, doc) | {
        "__typename": "PullRequest",
        "databaseId": part["id"],
        "fullDatabaseId": str(part["id"]),
        "state": "MERGED" if merged else doc["state"].upper(),
        "isDraft": part["draft"],
        "merged": merged,
        "mergedAt": iso(part["merged_at"]),
        "mergedBy": lambda: _somebody(call, by),
        "baseRefName": part["base"],
        "headRefName": part["head"],
        "headRefOid": part["head_sha"],
        "mergeCommit": {"__typename": "Commit", "oid": part["merge_commit_sha"]} if merged else None,
        "timelineItems": lambda itemTypes=(), **page: _connection(  # noqa: N803
            "PullRequestTimelineItems", _queued(call, part, itemTypes), page
        ),
        "closingIssuesReferences": lambda **page: _closing(call, repo, doc, page),
        "commits": lambda **page: _connection(
            "PullRequestCommit", [_commit(call, one) for one in commits_of(call.world, doc)], page
        ),
        "files": lambda **page: _connection("PullRequestChangedFile", _files(call, doc), page),
        "reviews": lambda states=None, **page: _connection(
            "PullRequestReview",
            [_review(call, one) for one in reviews_of(call.world, doc) if not states or one["state"] in states],
            page,
        ),
    }


def _files(call: Call, doc: Doc) -> list[Node]:
    paths = sorted({one["file"] for one in commits_of(call.world, doc)})
    return [{"__typename": "PullRequestChangedFile", "path": path} for path in paths]


def _queued(call: Call, part: Doc, kinds: Sequence[str]) -> list[Node]:
    """Of the timeline only who put it into the merge queue is kept."""
    by = part.get("enqueued_by")
    if by is None or "ADDED_TO_MERGE_QUEUE_EVENT" not in kinds:
        return []
    return [{"__typename": "AddedToMergeQueueEvent", "enqueuer": lambda: _actor(call, call.world.person(by))}]


def _closing(call: Call, repo: Doc, doc: Doc, page: dict[str, Any]) -> Node:
    """Only issues the asker may see: a private one must not show through somebody's pull request."""
    pairs = [pair for pair in closing_references(call.world, repo, doc) if access.can_see(call.actor, pair[0])]
    return _connection("Issue", [_issue(call, target, issue) for target, issue in pairs], page)


def _commit(call: Call, doc: Doc) -> Node:
    author = _somebody(call, doc["author"])
    is_user = author is not None and author["__typename"] == "User"
    git = {"__typename": "GitActor", "user": author if is_user else None}
    commit = {"__typename": "Commit", "oid": doc["sha"], "message": doc["message"], "author": git}
    return {"__typename": "PullRequestCommit", "commit": commit}


def _review(call: Call, doc: Doc) -> Node:
    return {
        "__typename": "PullRequestReview",
        "databaseId": doc["id"],
        "state": doc["state"],
        "submittedAt": iso(doc["submitted"]),
        "author": lambda: _somebody(call, doc["author"]),
        "commit": {"__typename": "Commit", "oid": doc["commit"]},
    }


def _connection(kind: str, nodes: list[Node], page: dict[str, Any]) -> Node:
    """The first so many, or the last; the cursor is the position."""
    if "first" not in page and "last" not in page:
        raise QueryError("You must provide a `first` or `last` value to properly paginate the connection.")
    start = int(page.get("after") or 0)
    shown = nodes[start : start + page["first"]] if page.get("first") else nodes[-page["last"] :]
    end = start + len(shown)
    info = {
        "__typename": "PageInfo",
        "hasNextPage": bool(page.get("first")) and end < len(nodes),
        "endCursor": str(end),
    }
    return {"__typename": f"{kind}Connection", "totalCount": len(nodes), "nodes": shown, "pageInfo": info}
