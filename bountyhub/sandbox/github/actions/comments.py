"""Comments on issues and pull requests, and reactions to them."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions.repositories import require_writable
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.hooks import announce
from bountyhub.sandbox.github.shapes import issues as shapes
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def comment(
    world: World, repo: Doc, issue: Doc, author: Doc, body: str, *, via_app: bool = False, id: int | None = None
) -> Doc:
    """A locked conversation takes comments of people with write access only, not of the App."""
    require_writable(repo)
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    if issue["locked"] and not at_least(repo, author, "write"):
        raise GithubError(403, "Unable to create comment because issue is locked.")
    doc: Doc = {
        "id": world.new_id("gh_comment", id),
        "repo": repo["id"],
        "number": issue["number"],
        "author": author["id"],
        "body": body,
        "via_app": via_app,
        "reactions": [],
        "created": world.now,
        "updated": world.now,
    }
    _put(world, doc)
    issue = world.put_issue(issue | {"comments": issue["comments"] + 1, "updated": world.now})
    _announce(world, "created", repo, issue, doc, author)
    return doc


def edit_comment(world: World, repo: Doc, doc: Doc, sender: Doc, body: str) -> Doc:
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    issue = world.issue(repo, doc["number"])
    changed = _put(world, doc | {"body": body, "updated": world.now})
    _announce(world, "edited", repo, issue, changed, sender, changes={"body": {"from": doc["body"]}})
    return changed


def hide_comment(world: World, doc: Doc, *, hidden: bool) -> Doc:
    """Minimise it, or show it again; GitHub sends no event for that."""
    return _put(world, doc | {"hidden": hidden})


def delete_comment(world: World, repo: Doc, doc: Doc, sender: Doc) -> None:
    issue = world.issue(repo, doc["number"])
    world.tx.delete("gh_comment", str(doc["id"]))
    issue = world.put_issue(issue | {"comments": max(0, issue["comments"] - 1), "updated": world.now})
    _announce(world, "deleted", repo, issue, doc, sender)


def react(world: World, doc: Doc, person: Doc, content: str) -> tuple[Doc, bool]:
    """A reaction and whether it is new; nobody reacts twice with the same sign. GitHub sends no event for it."""
    if content not in shapes.REACTIONS:
        raise invalid("Reaction", "content")
    for reaction in doc["reactions"]:
        if (reaction["person"], reaction["content"]) == (person["id"], content):
            return reaction, False
    reaction = {"id": world.new_id("gh_reaction"), "person": person["id"], "content": content, "created": world.now}
    _put(world, doc | {"reactions": [*doc["reactions"], reaction]})
    return reaction, True


def find_comment(world: World, repo: Doc, id: int) -> Doc | None:
    found = world.tx.get("gh_comment", str(id))
    return found if found is not None and found["repo"] == repo["id"] else None


def comments_of(world: World, issue: Doc) -> list[Doc]:
    return world.tx.all("gh_comment", ref=f"{issue['repo']}/{issue['number']}")


def comments_in(world: World, repo: Doc) -> list[Doc]:
    """Those of every issue and pull request that is still there."""
    found = (comments_of(world, issue) for issue in world.issues(repo, "all"))
    return [doc for docs in found for doc in docs]


def _put(world: World, doc: Doc) -> Doc:
    return world.tx.put("gh_comment", str(doc["id"]), doc, ref=f"{doc['repo']}/{doc['number']}")


def _announce(world: World, action: str, repo: Doc, issue: Doc, doc: Doc, sender: Doc, **parts: Any) -> None:
    if world.installation_for(repo) is None:
        return
    hooked = world.for_hooks()
    bodies = {"issue": shapes.issue(hooked, repo, issue), "comment": shapes.comment(hooked, repo, issue, doc)}
    announce(world, f"issue_comment.{action}", repo, sender, **bodies, **parts)
