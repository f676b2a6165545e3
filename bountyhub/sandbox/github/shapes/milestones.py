"""A milestone as GitHub's API shows it."""

from __future__ import annotations

from bountyhub.sandbox.github.nodes import node_id
from bountyhub.sandbox.github.shapes.people import user_by_id
from bountyhub.sandbox.github.world import World, iso
from bountyhub.sandbox.store import Doc


def milestone(world: World, repo: Doc, doc: Doc) -> Doc:
    """With how many of its issues (and pull requests) are open and closed."""
    url = f"{world.urls.repo(repo)}/milestones/{doc['number']}"
    inside = [issue["state"] for issue in world.issues(repo, "all") if issue.get("milestone") == doc["number"]]
    return {
        "url": url,
        "html_url": f"{world.urls.page(repo)}/milestone/{doc['number']}",
        "labels_url": f"{url}/labels",
        "id": doc["id"],
        "node_id": node_id("MI", doc["id"]),
        "number": doc["number"],
        "title": doc["title"],
        "description": doc["description"],
        "creator": user_by_id(world, doc["creator"]),
        "open_issues": inside.count("open"),
        "closed_issues": inside.count("closed"),
        "state": doc["state"],
        "created_at": iso(doc["created"]),
        "updated_at": iso(doc["updated"]),
        "due_on": None,
        "closed_at": iso(doc["closed_at"]),
    }


def milestone_of(world: World, repo: Doc, issue: Doc) -> Doc | None:
    """The one that an issue is in."""
    found = [doc for doc in repo.get("milestones", []) if doc["number"] == issue.get("milestone")]
    return milestone(world, repo, found[0]) if found else None
