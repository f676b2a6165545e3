"""Bodies of pull requests, reviews and check runs."""

from __future__ import annotations

from bountyhub.sandbox.github.access import association
from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.apps import app
from bountyhub.sandbox.github.shapes.issues import issue_node, labels_of
from bountyhub.sandbox.github.shapes.milestones import milestone_of
from bountyhub.sandbox.github.shapes.people import simple_user, user_by_id
from bountyhub.sandbox.github.shapes.repositories import repository
from bountyhub.sandbox.github.world import GHOST, World, iso
from bountyhub.sandbox.store import Doc


def simple_pull(world: World, repo: Doc, doc: Doc) -> Doc:
    """A pull request as lists show it."""
    return _links(world, repo, doc) | _facts(world, repo, doc)


def pull(world: World, repo: Doc, doc: Doc) -> Doc:
    """A pull request as asked for alone, and in webhooks. An open one has a `merge_commit_sha` too: a trial merge."""
    part = doc["pull"]
    merged = part["merged_at"] is not None
    unmerged_state = "draft" if part["draft"] else "clean"
    return simple_pull(world, repo, doc) | {
        "merged": merged,
        "mergeable": None if merged else True,
        "rebaseable": None if merged else True,
        "mergeable_state": "unknown" if merged else unmerged_state,
        "merged_by": user_by_id(world, part["merged_by"]),
        "comments": doc["comments"],
        "review_comments": 0,
        "maintainer_can_modify": part["head_repo"] != doc["repo"],
        "commits": len(part["commits"]),
        "additions": part["additions"],
        "deletions": part["deletions"],
        "changed_files": 1,
    }


def _links(world: World, repo: Doc, doc: Doc) -> Doc:
    api, number, sha = world.urls.repo(repo), doc["number"], doc["pull"]["head_sha"]
    page = f"{world.urls.page(repo)}/pull/{number}"
    links = {
        "self": f"{api}/pulls/{number}",
        "html": page,
        "issue": f"{api}/issues/{number}",
        "comments": f"{api}/issues/{number}/comments",
        "review_comments": f"{api}/pulls/{number}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{api}/pulls/{number}/commits",
        "statuses": f"{api}/statuses/{sha}",
    }
    urls = {f"{name}_url": link for name, link in links.items() if name != "self"}
    urls |= {"url": links["self"], "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
    return urls | {"_links": {name: {"href": link} for name, link in links.items()}}


def _facts(world: World, repo: Doc, doc: Doc) -> Doc:
    part = doc["pull"]
    return _times(doc) | {
        "id": part["id"],
        "node_id": issue_node(doc),
        "number": doc["number"],
        "state": doc["state"],
        "locked": doc["locked"],
        "active_lock_reason": None,
        "title": doc["title"],
        "user": user_by_id(world, doc["author"]),
        "body": doc["body"],
        "labels": labels_of(world, repo, doc),
        "milestone": milestone_of(world, repo, doc),
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "merge_commit_sha": part["merge_commit_sha"],
        "draft": part["draft"],
        "auto_merge": None,
        "author_association": association(repo, doc["author"]),
        "head": _head(world, part),
        "base": _side(world, repo, part["base"], part["base_sha"]),
    }


def _times(doc: Doc) -> Doc:
    times = {"created_at": doc["created"], "updated_at": doc["updated"], "closed_at": doc["closed_at"]}
    times["merged_at"] = doc["pull"]["merged_at"]
    return {name: iso(time) for name, time in times.items()}


def _head(world: World, part: Doc) -> Doc:
    home = world.find_repo(part["head_repo"])
    if home is None:
        user = simple_user(world.urls, GHOST)
        return {
            "label": f"ghost:{part['head']}",
            "ref": part["head"],
            "sha": part["head_sha"],
            "user": user,
            "repo": None,
        }
    return _side(world, home, part["head"], part["head_sha"])


def _side(world: World, repo: Doc, ref: str, sha: str) -> Doc:
    body = repository(world, repo)
    return {"label": f"{body['owner']['login']}:{ref}", "ref": ref, "sha": sha, "user": body["owner"], "repo": body}


def review(world: World, repo: Doc, issue: Doc, doc: Doc) -> Doc:
    page = f"{world.urls.page(repo)}/pull/{issue['number']}"
    api = f"{world.urls.repo(repo)}/pulls/{issue['number']}"
    html = f"{page}#pullrequestreview-{doc['id']}"
    return {
        "id": doc["id"],
        "node_id": node_id("PRR", doc["id"]),
        "user": user_by_id(world, doc["author"]),
        "body": doc["body"],
        "state": doc["state"],
        "html_url": html,
        "pull_request_url": api,
        "author_association": association(repo, doc["author"]),
        "_links": {"html": {"href": html}, "pull_request": {"href": api}},
        "submitted_at": iso(doc["submitted"]),
        "commit_id": doc["commit"],
    }


def check_run(world: World, repo: Doc, doc: Doc) -> Doc:
    page = f"{world.urls.page(repo)}/runs/{doc['id']}"
    url = f"{world.urls.repo(repo)}/check-runs/{doc['id']}"
    output = doc["output"] | {"annotations_count": 0, "annotations_url": f"{url}/annotations"}
    return {
        "id": doc["id"],
        "name": doc["name"],
        "node_id": node_id("CR", doc["id"]),
        "head_sha": doc["sha"],
        "external_id": doc["external_id"],
        "url": url,
        "html_url": page,
        "details_url": doc["details_url"] or page,
        "status": doc["status"],
        "conclusion": doc["conclusion"],
        "started_at": iso(doc["started"]),
        "completed_at": iso(doc["completed"]),
        "output": output,
        "check_suite": {"id": doc["suite"]},
        "app": app(world),
        "pull_requests": [],
    }
