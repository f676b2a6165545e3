"""Milestones of a repository, and which issue is in which."""

from __future__ import annotations

from bountyhub.sandbox.github.actions.issues import announce_issue
from bountyhub.sandbox.github.errors import invalid, not_found
from bountyhub.sandbox.github.shapes import milestones as shapes
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def milestones_of(repo: Doc) -> list[Doc]:
    """All of them, oldest first; a store of an earlier version has none."""
    return list(repo.get("milestones", []))


def find_milestone(repo: Doc, number: int) -> Doc:
    """The milestone of a number, else 404."""
    found = next((doc for doc in milestones_of(repo) if doc["number"] == number), None)
    if found is None:
        raise not_found()
    return found


def create_milestone(world: World, repo: Doc, creator: Doc, title: str, description: str = "") -> tuple[Doc, Doc]:
    """A new open one, and the repository as it then is; titles are unique."""
    have = milestones_of(repo)
    if not title.strip():
        raise invalid("Milestone", "title", "missing_field")
    if any(doc["title"] == title.strip() for doc in have):
        raise invalid("Milestone", "title", "already_exists")
    milestone: Doc = {
        "id": world.new_id("gh_milestone"),
        "number": len(have) + 1,
        "title": title.strip(),
        "description": description or None,
        "creator": creator["id"],
        "state": "open",
        "created": world.now,
        "updated": world.now,
        "closed_at": None,
    }
    return milestone, world.put_repo(repo | {"milestones": [*have, milestone]})


def close_milestone(world: World, repo: Doc, number: int) -> Doc:
    """Closed; its issues stay as they are."""
    closed = find_milestone(repo, number) | {"state": "closed", "closed_at": world.now, "updated": world.now}
    rest = [closed if doc["number"] == number else doc for doc in milestones_of(repo)]
    world.put_repo(repo | {"milestones": rest})
    return closed


def put_into(world: World, repo: Doc, issue: Doc, sender: Doc, number: int | None) -> Doc:
    """Put an issue into a milestone, or take it out of the one that it is in."""
    if number is not None:
        find_milestone(repo, number)
    changed = world.put_issue(issue | {"milestone": number, "updated": world.now})
    if not issue["pull"]:
        which = number if number is not None else issue.get("milestone")
        if which is not None:
            body = shapes.milestone(world.for_hooks(), repo, find_milestone(repo, which))
            event = "issues.milestoned" if number is not None else "issues.demilestoned"
            announce_issue(world, event, repo, changed, sender, milestone=body)
    return changed
