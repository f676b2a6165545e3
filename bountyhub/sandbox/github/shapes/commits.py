"""Bodies of commits and changed files, for the API and for `push` events."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.people import user_by_id
from bountyhub.sandbox.github.world import World, iso
from bountyhub.sandbox.store import Doc

if TYPE_CHECKING:
    from bountyhub.sandbox.github.actions.history import Comparison

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def commit(world: World, repo: Doc, doc: Doc) -> Doc:
    """A commit as lists show it."""
    url = f"{world.urls.repo(repo)}/commits/{doc['sha']}"
    return {
        "sha": doc["sha"],
        "node_id": node_id("C", repo["id"], doc["sha"]),
        "commit": _git_part(world, repo, doc),
        "url": url,
        "html_url": f"{world.urls.page(repo)}/commit/{doc['sha']}",
        "comments_url": f"{url}/comments",
        "author": user_by_id(world, doc["author"]),
        "committer": user_by_id(world, doc["committer"]),
        "parents": [_parent(world, repo, sha) for sha in doc["parents"]],
    }


def detailed_commit(world: World, repo: Doc, doc: Doc) -> Doc:
    """The answer to a request for one commit: with its files."""
    added, removed = doc["additions"], doc["deletions"]
    stats = {"total": added + removed, "additions": added, "deletions": removed}
    return commit(world, repo, doc) | {"stats": stats, "files": [file(world, repo, doc)]}


def comparison(world: World, repo: Doc, basehead: str, between: Comparison, shown: list[Doc]) -> Doc:
    """The answer to a request to compare two commits; `shown` are this page's."""
    url, html = (
        f"{world.urls.repo(repo)}/compare/{quote(basehead)}",
        f"{world.urls.page(repo)}/compare/{quote(basehead)}",
    )
    files = {doc["file"]: file(world, repo, doc) for doc in between.ahead}
    return {
        "url": url,
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": commit(world, repo, between.base),
        "merge_base_commit": commit(world, repo, between.merge_base),
        "status": between.status,
        "ahead_by": len(between.ahead),
        "behind_by": between.behind,
        "total_commits": len(between.ahead),
        "commits": [commit(world, repo, doc) for doc in shown],
        "files": list(files.values()),
    }


def file(world: World, repo: Doc, doc: Doc) -> Doc:
    """The one file a sandbox commit changes."""
    path, page = quote(doc["file"]), world.urls.page(repo)
    return {
        "sha": doc["tree"],
        "filename": doc["file"],
        "status": "removed" if doc.get("content", "") is None else "modified",
        "additions": doc["additions"],
        "deletions": doc["deletions"],
        "changes": doc["additions"] + doc["deletions"],
        "blob_url": f"{page}/blob/{doc['sha']}/{path}",
        "raw_url": f"{page}/raw/{doc['sha']}/{path}",
        "contents_url": f"{world.urls.repo(repo)}/contents/{path}?ref={doc['sha']}",
        "patch": "@@ -1 +1 @@\n-before\n+after",
    }


def pushed_commit(world: World, repo: Doc, doc: Doc) -> Doc:
    """A commit inside a `push` event."""
    return {
        "id": doc["sha"],
        "tree_id": doc["tree"],
        "distinct": True,
        "message": doc["message"],
        "timestamp": iso(doc["date"]),
        "url": f"{world.urls.page(repo)}/commit/{doc['sha']}",
        "author": _pusher(world, doc, "author"),
        "committer": _pusher(world, doc, "committer"),
        "added": [],
        "removed": [doc["file"]] if doc.get("content", "") is None else [],
        "modified": [] if doc.get("content", "") is None else [doc["file"]],
    }


def _pusher(world: World, doc: Doc, role: str) -> Doc:
    person = world.person(doc[role])
    return {"name": person["name"], "email": person["email"], "username": person["login"]}


def _git_part(world: World, repo: Doc, doc: Doc) -> Doc:
    url = f"{world.urls.repo(repo)}/git"
    return {
        "author": _signature(world, doc, "author"),
        "committer": _signature(world, doc, "committer"),
        "message": doc["message"],
        "tree": {"sha": doc["tree"], "url": f"{url}/trees/{doc['tree']}"},
        "url": f"{url}/commits/{doc['sha']}",
        "comment_count": 0,
        "verification": UNSIGNED,
    }


def _signature(world: World, doc: Doc, role: str) -> Doc:
    person = world.person(doc[role])
    return {"name": person["name"], "email": person["email"], "date": iso(doc["date"])}


def _parent(world: World, repo: Doc, sha: str) -> Doc:
    page = f"{world.urls.page(repo)}/commit/{sha}"
    return {"sha": sha, "url": f"{world.urls.repo(repo)}/commits/{sha}", "html_url": page}
