"""Bodies of issues, labels, comments and reactions."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from bountyhub.sandbox.github.access import association
from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.apps import app
from bountyhub.sandbox.github.shapes.milestones import milestone_of
from bountyhub.sandbox.github.shapes.people import user_by_id
from bountyhub.sandbox.github.world import World, iso
from bountyhub.sandbox.store import Doc

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def label(world: World, repo: Doc, doc: Doc) -> Doc:
    return {
        "id": doc["id"],
        "node_id": node_id("LA", doc["id"]),
        "url": f"{world.urls.repo(repo)}/labels/{quote(doc['name'], safe='')}",
        "name": doc["name"],
        "color": doc["color"],
        "default": doc["default"],
        "description": doc["description"],
    }


def labels_of(world: World, repo: Doc, issue: Doc) -> list[Doc]:
    return [label(world, repo, doc) for doc in repo["labels"] if doc["id"] in issue["labels"]]


def issue(world: World, repo: Doc, doc: Doc) -> Doc:
    """An issue; a pull request seen as one carries `pull_request`, which is how clients tell them apart."""
    url = f"{world.urls.repo(repo)}/issues/{doc['number']}"
    body = _issue_links(world, repo, doc, url) | _issue_facts(world, repo, doc)
    body["reactions"] = rollup(url, doc["reactions"])
    return body | (_pull_part(world, repo, doc) if doc["pull"] else {})


def _issue_links(world: World, repo: Doc, doc: Doc, url: str) -> Doc:
    kind = "pull" if doc["pull"] else "issues"
    return {
        "url": url,
        "repository_url": world.urls.repo(repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": f"{world.urls.page(repo)}/{kind}/{doc['number']}",
        "id": doc["id"],
        "node_id": issue_node(doc),
        "number": doc["number"],
    }


def issue_node(doc: Doc) -> str:
    return node_id("PR" if doc["pull"] else "I", doc["repo"], doc["number"])


def _issue_facts(world: World, repo: Doc, doc: Doc) -> Doc:
    return {
        "title": doc["title"],
        "user": user_by_id(world, doc["author"]),
        "labels": labels_of(world, repo, doc),
        "state": doc["state"],
        "state_reason": doc["state_reason"],
        "locked": doc["locked"],
        "active_lock_reason": None,
        "assignee": None,
        "assignees": [],
        "milestone": milestone_of(world, repo, doc),
        "comments": doc["comments"],
        "created_at": iso(doc["created"]),
        "updated_at": iso(doc["updated"]),
        "closed_at": iso(doc["closed_at"]),
        "author_association": association(repo, doc["author"]),
        "body": doc["body"],
        "performed_via_github_app": None,
    }


def _pull_part(world: World, repo: Doc, doc: Doc) -> Doc:
    page = f"{world.urls.page(repo)}/pull/{doc['number']}"
    links = {
        "url": f"{world.urls.repo(repo)}/pulls/{doc['number']}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": iso(doc["pull"]["merged_at"]),
    }
    return {"draft": doc["pull"]["draft"], "pull_request": links}


def detailed_issue(world: World, repo: Doc, doc: Doc) -> Doc:
    """The answer to a request for one issue, which alone says who closed it."""
    return issue(world, repo, doc) | {"closed_by": user_by_id(world, doc["closed_by"])}


def comment(world: World, repo: Doc, issue: Doc, doc: Doc) -> Doc:
    url = f"{world.urls.repo(repo)}/issues/comments/{doc['id']}"
    kind = "pull" if issue["pull"] else "issues"
    return {
        "url": url,
        "html_url": f"{world.urls.page(repo)}/{kind}/{issue['number']}#issuecomment-{doc['id']}",
        "issue_url": f"{world.urls.repo(repo)}/issues/{issue['number']}",
        "id": doc["id"],
        "node_id": node_id("IC", doc["id"]),
        "user": user_by_id(world, doc["author"]),
        "created_at": iso(doc["created"]),
        "updated_at": iso(doc["updated"]),
        "body": doc["body"],
        "author_association": association(repo, doc["author"]),
        "reactions": rollup(url, doc["reactions"]),
        "performed_via_github_app": app(world) if doc["via_app"] else None,
    }


def reaction(world: World, doc: Doc) -> Doc:
    return {
        "id": doc["id"],
        "node_id": node_id("REA", doc["id"]),
        "user": user_by_id(world, doc["person"]),
        "content": doc["content"],
        "created_at": iso(doc["created"]),
    }


def rollup(url: str, reactions: list[Doc]) -> Doc:
    counts = Counter(doc["content"] for doc in reactions)
    body: Doc = {"url": f"{url}/reactions", "total_count": len(reactions)}
    return body | {content: counts[content] for content in REACTIONS}
