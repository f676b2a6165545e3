"""One repository with more open issues than anybody wants to click through: generated, for imports by label.

Written in one go, since every sandbox of every test starts with it.
"""

from __future__ import annotations

from bountyhub.sandbox.github.actions.milestones import create_milestone
from bountyhub.sandbox.github.actions.repositories import ensure_label
from bountyhub.sandbox.github.world import FIRST_ID, World
from bountyhub.sandbox.store import Doc

OWNER, NAME = "ana", "mosaic"
HOW_MANY = 120
LABELS = ("bounty welcome", "size: small")
MILESTONES = ("3.0", "3.1")
_VERBS = ("Speed up", "Translate", "Document", "Test", "Redraw", "Simplify", "Undo", "Print", "Share", "Import")
_THINGS = (
    "the tile editor", "colour palettes", "keyboard shortcuts", "the export dialog", "saved patterns", "the grid",
    "symmetry modes", "the sample gallery", "zooming", "touch gestures", "the welcome page", "high-contrast mode",
)  # fmt: skip


def fill(world: World, repo: Doc, day: int) -> None:
    """120 open issues, a day apart; every third has a label made for bounties, every fourth is in a milestone."""
    owner = world.person(repo["owner"])
    for title in MILESTONES:
        _, repo = create_milestone(world, repo, owner, title)
    for name in LABELS:
        _, repo = ensure_label(world, repo, name, "0e8a16")
    labels = {label["name"]: label["id"] for label in repo["labels"]}
    authors = [world.named(login)["id"] for login in ("cleo", "dara", "bo", "eve")]
    first_id = world.tx.next("gh_issue", FIRST_ID["gh_issue"], HOW_MANY)
    first_number = world.tx.next(f"gh_number/{repo['id']}", count=HOW_MANY)
    for count in range(HOW_MANY):
        opened = world.now - (HOW_MANY - count) * day
        ids = {"id": first_id + count, "number": first_number + count, "repo": repo["id"]}
        world.put_issue(ids | _issue(labels, authors, count, opened))
    world.put_repo(repo | {"open_issues": HOW_MANY})


def _issue(labels: dict[str, int], authors: list[int], count: int, at: int) -> Doc:
    what = f"{_VERBS[count % len(_VERBS)]} {_THINGS[count // len(_VERBS)]}"
    names = [LABELS[0]] if count % 3 == 0 else []
    names += [LABELS[1]] if count % 2 else ["enhancement"]
    return {
        "title": what,
        "body": f"{what}: asked for again and again. Say below what you would expect.\n",
        "author": authors[count % len(authors)], "state": "open", "state_reason": None,
        "labels": [labels[name] for name in names], "locked": count == HOW_MANY - 6, "comments": 0, "reactions": [],
        "created": at, "updated": at, "closed_at": None, "closed_by": None, "edited_at": None, "moved_to": None,
        "milestone": 1 + count % 8 // 4 if count % 4 == 0 else None, "pull": None,
    }  # fmt: skip
