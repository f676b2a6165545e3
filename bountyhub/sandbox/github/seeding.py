"""The small world a fresh sandbox starts with: six people, two bots, five repositories with issues worth funding."""

from __future__ import annotations

from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.github.actions.issues import new_issue
from bountyhub.sandbox.github.actions.people import create_person, set_role
from bountyhub.sandbox.github.actions.repositories import create_repository
from bountyhub.sandbox.github.seed_issues import ISSUES
from bountyhub.sandbox.github.seed_many import NAME, OWNER, fill
from bountyhub.sandbox.github.world import BOT_LOGIN, Urls, World
from bountyhub.sandbox.store import Tx

PEOPLE = (
    ("ana", "Ana Almeida"),
    ("bo", "Bo Lindqvist"),
    ("cleo", "Cleo Marchetti"),
    ("dara", "Dara Okafor"),
    ("eve", "Eve Novák"),
)
REPOSITORIES = (
    # owner, name, description, language, private
    ("ana", "inkwell", "A quiet Markdown editor that keeps your files where they are", "Python", False),
    ("ana", "pinsel", "Vector drawing in the browser, without a build step", "TypeScript", False),
    ("eve", "almanac", "Calendars that merge: CalDAV without tears", "Rust", False),
    ("ana", "secret", "Drafts nobody should see yet", None, True),
)
#: Who runs the bountyhub beside this sandbox: `(login, name, id)`, known to it by the id.
OPERATOR = ("olga", "Olga Brandt", 9_001)
DAY = 86_400


def seed(tx: Tx, clock: SandboxClock) -> None:
    """Fill an empty store; nothing is installed yet, so no webhook is written."""
    now = clock.now()
    world = World(tx, now - 400 * DAY, Urls(""))
    for login, name in PEOPLE:
        create_person(world, login, name)
    create_person(world, OPERATOR[0], OPERATOR[1], id=OPERATOR[2])
    create_person(world, "bountyhub-org", "bountyhub", kind="Organization")
    create_person(world, BOT_LOGIN, "bountyhub", kind="Bot")
    create_person(world, "helpful-bot[bot]", "helpful-bot", kind="Bot")
    for owner, name, description, language, private in REPOSITORIES:
        create_repository(world, world.named(owner), name, description=description, language=language, private=private)
    _roles(world)
    _issues(World(tx, now, Urls("")))
    many = create_repository(world, world.named(OWNER), NAME, description="Patterns from tiles", language="Python")
    fill(World(tx, now, Urls("")), many, DAY)


def _roles(world: World) -> None:
    """Eve may decide in Ana's editor and Ana in Eve's calendar; Bo may triage, which is not enough to merge."""
    for full_name, login, role in (
        ("ana/inkwell", "eve", "maintain"),
        ("ana/inkwell", "bo", "triage"),
        ("ana/pinsel", "eve", "write"),
        ("eve/almanac", "ana", "maintain"),
    ):
        repo = world.repo_by_name(full_name)
        if repo is not None:
            set_role(world, repo, world.named(login), role)


def _issues(world: World) -> None:
    for count, (full_name, author, title, labels, body) in enumerate(ISSUES):
        repo = world.repo_by_name(full_name)
        if repo is not None:
            opened = World(world.tx, world.now - (len(ISSUES) - count) * 5 * DAY, world.urls)
            new_issue(opened, repo, world.named(author), title, body, labels)
