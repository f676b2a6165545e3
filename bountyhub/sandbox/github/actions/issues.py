"""Issues: opened, edited, closed, labelled, locked, moved, deleted. Closing works for pull requests too."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.github.actions.repositories import body_for_hooks, ensure_label, require_writable
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.hooks import announce
from bountyhub.sandbox.github.shapes import issues as shapes
from bountyhub.sandbox.github.shapes import pulls as pull_shapes
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

CLOSE_REASONS = ("completed", "not_planned", "duplicate")


def open_issue(
    world: World,
    repo: Doc,
    author: Doc,
    title: str,
    body: str = "",
    labels: tuple[str, ...] = (),
    *,
    id: int | None = None,
    number: int | None = None,
) -> Doc:
    repo, issue = new_issue(world, repo, author, title, body, labels, id=id, number=number)
    announce_issue(world, "issues.opened", repo, issue, author)
    return issue


def new_issue(
    world: World,
    repo: Doc,
    author: Doc,
    title: str,
    body: str,
    labels: tuple[str, ...] = (),
    pull: Doc | None = None,
    *,
    id: int | None = None,
    number: int | None = None,
) -> tuple[Doc, Doc]:
    """Store an issue or pull request under the repository's next number; tells nobody."""
    require_writable(repo)
    if not title.strip():
        raise invalid("Issue", "title", "missing_field")
    ids = []
    for name in labels:
        label, repo = ensure_label(world, repo, name)
        ids.append(label["id"])
    repo = world.put_repo(repo | {"open_issues": repo["open_issues"] + 1, "updated": world.now})
    issue: Doc = {
        "id": world.new_id("gh_issue") if id is None else id,
        "repo": repo["id"],
        "number": world.new_number(repo, number),
        "title": title.strip(),
        "body": body or None,
        "author": author["id"],
        "state": "open",
        "state_reason": None,
        "labels": ids,
        "locked": False,
        "comments": 0,
        "reactions": [],
        "created": world.now,
        "updated": world.now,
        "closed_at": None,
        "closed_by": None,
        "edited_at": None,
        "moved_to": None,
        "milestone": None,
        "pull": pull,
    }
    return repo, world.put_issue(issue)


def announce_issue(world: World, event: str, repo: Doc, issue: Doc, sender: Doc, **parts: Any) -> None:
    """Nothing is composed when nobody listens: a merge must be answered in milliseconds."""
    if world.installation_for(repo) is None:
        return
    body = shapes.issue(world.for_hooks(), repo, issue)
    announce(world, event, repo, sender, issue=body, **parts)


def announce_pull(world: World, event: str, repo: Doc, issue: Doc, sender: Doc, **parts: Any) -> None:
    if world.installation_for(repo) is None:
        return
    body = pull_shapes.pull(world.for_hooks(), repo, issue)
    announce(world, event, repo, sender, number=issue["number"], pull_request=body, **parts)


def edit_issue(
    world: World, repo: Doc, issue: Doc, sender: Doc, *, title: str | None = None, body: str | None = None
) -> Doc:
    """Change title or body; the event names only what changed, with its former text."""
    wanted = {"title": title.strip() if title else None, "body": body}
    new = {name: text for name, text in wanted.items() if text is not None and text != (issue[name] or "")}
    if not new:
        return issue
    times = {"updated": world.now, "edited_at": world.now if "body" in new else issue["edited_at"]}
    changed = world.put_issue(issue | new | times)
    changes = {name: {"from": issue[name] or ""} for name in new}
    if issue["pull"]:
        announce_pull(world, "pull_request.edited", repo, changed, sender, changes=changes)
    else:
        announce_issue(world, "issues.edited", repo, changed, sender, changes=changes)
    return changed


def close(world: World, repo: Doc, issue: Doc, sender: Doc, reason: str = "completed") -> Doc:
    """Close an issue, or a pull request without merging it; closed already, nothing happens."""
    if issue["state"] == "closed":
        return issue
    if reason not in CLOSE_REASONS:
        raise invalid("Issue", "state_reason")
    closed = mark_closed(world, repo, issue, sender, None if issue["pull"] else reason)
    if issue["pull"]:
        announce_pull(world, "pull_request.closed", world.repo(repo["id"]), closed, sender)
    else:
        announce_issue(world, "issues.closed", world.repo(repo["id"]), closed, sender)
    return closed


def mark_closed(world: World, repo: Doc, issue: Doc, sender: Doc, reason: str | None) -> Doc:
    count_open(world, repo, -1)
    times = {"closed_at": world.now, "closed_by": sender["id"], "updated": world.now}
    return world.put_issue(issue | times | {"state": "closed", "state_reason": reason})


def reopen(world: World, repo: Doc, issue: Doc, sender: Doc) -> Doc:
    if issue["state"] == "open":
        return issue
    if issue["pull"] and issue["pull"]["merged_at"] is not None:
        raise GithubError(422, "A merged pull request cannot be reopened")
    count_open(world, repo, 1)
    fields = {"closed_at": None, "closed_by": None, "updated": world.now, "state": "open"}
    again = world.put_issue(issue | fields | {"state_reason": None if issue["pull"] else "reopened"})
    if issue["pull"]:
        announce_pull(world, "pull_request.reopened", world.repo(repo["id"]), again, sender)
    else:
        announce_issue(world, "issues.reopened", world.repo(repo["id"]), again, sender)
    return again


def count_open(world: World, repo: Doc, step: int) -> None:
    present = world.repo(repo["id"])
    world.put_repo(present | {"open_issues": max(0, present["open_issues"] + step), "updated": world.now})


def label(world: World, repo: Doc, issue: Doc, sender: Doc, name: str) -> Doc:
    """Put a label on, making it first when the repository has none of that name."""
    doc, repo = ensure_label(world, repo, name)
    if doc["id"] in issue["labels"]:
        return issue
    changed = world.put_issue(issue | {"labels": [*issue["labels"], doc["id"]], "updated": world.now})
    _announce_label(world, "labeled", repo, changed, sender, doc)
    return changed


def unlabel(world: World, repo: Doc, issue: Doc, sender: Doc, name: str) -> Doc:
    doc = find_label(repo, name)
    if doc is None or doc["id"] not in issue["labels"]:
        raise GithubError(404, "Label does not exist")
    rest = [id for id in issue["labels"] if id != doc["id"]]
    changed = world.put_issue(issue | {"labels": rest, "updated": world.now})
    _announce_label(world, "unlabeled", repo, changed, sender, doc)
    return changed


def find_label(repo: Doc, name: str) -> Doc | None:
    return next((doc for doc in repo["labels"] if doc["name"].lower() == name.lower()), None)


def _announce_label(world: World, action: str, repo: Doc, issue: Doc, sender: Doc, doc: Doc) -> None:
    body = shapes.label(world.for_hooks(), repo, doc)
    if issue["pull"]:
        announce_pull(world, f"pull_request.{action}", repo, issue, sender, label=body)
    else:
        announce_issue(world, f"issues.{action}", repo, issue, sender, label=body)


def lock(world: World, repo: Doc, issue: Doc, sender: Doc, *, locked: bool = True) -> Doc:
    if issue["locked"] == locked:
        return issue
    changed = world.put_issue(issue | {"locked": locked, "updated": world.now})
    event = "locked" if locked else "unlocked"
    if issue["pull"]:
        announce_pull(world, f"pull_request.{event}", repo, changed, sender)
    else:
        announce_issue(world, f"issues.{event}", repo, changed, sender)
    return changed


def delete_issue(world: World, repo: Doc, issue: Doc, sender: Doc) -> None:
    """Gone for good: its address answers 410 from now on."""
    if issue["pull"]:
        raise GithubError(422, "Pull requests cannot be deleted")
    announce_issue(world, "issues.deleted", repo, issue, sender)
    if issue["state"] == "open":
        count_open(world, repo, -1)
    world.put_issue(issue | {"state": "deleted"})


def convert_to_discussion(world: World, repo: Doc, issue: Doc, sender: Doc) -> Doc:
    """Closed and locked; the API says nothing else of it, and the discussion is another object."""
    if issue["pull"]:
        raise GithubError(422, "Pull requests cannot be converted")
    closed = close(world, repo, issue, sender)
    return lock(world, world.repo(repo["id"]), closed, sender)


def transfer_issue(world: World, repo: Doc, issue: Doc, target: Doc, sender: Doc) -> Doc:
    """Move an issue with its comments to another repository of the same owner, where it gets a new id and number."""
    if issue["pull"] or target["owner"] != repo["owner"] or target["id"] == repo["id"]:
        raise GithubError(422, "An issue can only be transferred to another repository of the same owner")
    names = tuple(doc["name"] for doc in repo["labels"] if doc["id"] in issue["labels"])
    author = world.person(issue["author"])
    target, new = new_issue(world, target, author, issue["title"], issue["body"] or "", names)
    kept = {name: issue[name] for name in ("state", "state_reason", "comments", "reactions", "created", "locked")}
    new = world.put_issue(new | kept)
    for comment in world.tx.all("gh_comment", ref=f"{repo['id']}/{issue['number']}"):
        moved = comment | {"repo": target["id"], "number": new["number"]}
        world.tx.put("gh_comment", str(comment["id"]), moved, ref=f"{target['id']}/{new['number']}")
    _announce_transfer(world, repo, issue, target, new, sender)
    # It was counted as open in the new place; a closed one is open in neither.
    count_open(world, repo if issue["state"] == "open" else target, -1)
    world.put_issue(issue | {"state": "transferred", "moved_to": [target["id"], new["number"]]})
    return new


def _announce_transfer(world: World, repo: Doc, issue: Doc, target: Doc, new: Doc, sender: Doc) -> None:
    hooked = world.for_hooks()
    there = {"new_issue": shapes.issue(hooked, target, new), "new_repository": body_for_hooks(world, target)}
    announce_issue(world, "issues.transferred", repo, issue, sender, changes=there)
    back = {"old_issue": shapes.issue(hooked, repo, issue), "old_repository": body_for_hooks(world, repo)}
    announce_issue(world, "issues.opened", target, new, sender, changes=back)
