"""What must hold in the end of every play, whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from bountyhub.bot import texts
from bountyhub.events.models import InboxEvent
from bountyhub.kit.database import reading
from bountyhub.ledger.verify import verify
from bountyhub.sandbox.github.world import BOT_LOGIN
from tests.soak_github.instance import Instance

REPLY = "<!-- bountyhub:reply:"


def invariants(instance: Instance) -> list[str]:
    """What is broken, a line each."""
    return [*_books(), *_handled(), *_noise(instance)]


def _books() -> Iterator[str]:
    with reading() as session:
        yield from (f"ledger: {problem}" for problem in verify(session).problems)


def _handled() -> Iterator[str]:
    with reading() as session:
        left = session.scalars(select(InboxEvent.event).where(InboxEvent.handled_at.is_(None))).all()
    yield from (f"a delivery of {event} is not handled" for event in left)


def _noise(instance: Instance) -> Iterator[str]:
    """One comment of the bot on an issue and none on a pull request, besides a reply to each command."""
    with instance.world() as world:
        bot = world.named(BOT_LOGIN)["id"]
        own = [doc for doc in world.tx.all("gh_comment") if doc["author"] == bot]
        pulls = {f"{doc['repo']}/{doc['number']}" for doc in world.tx.all("gh_issue") if doc["pull"]}
    said = Counter(f"{doc['repo']}/{doc['number']}" for doc in own if REPLY not in doc["body"])
    yield from (f"noise: {count} comments on {place}" for place, count in said.items() if count > 1)
    yield from (f"noise: a comment on pull request {place}" for place in said if place in pulls)
    replies = Counter(doc["body"].partition("-->")[0] for doc in own if REPLY in doc["body"])
    yield from (f"noise: {count} replies to one command" for count in replies.values() if count > 1)
    status = [doc for doc in own if REPLY not in doc["body"] and texts.MARKER not in doc["body"]]
    yield from (f"noise: a comment that is no status: {doc['body'][:80]}" for doc in status)
