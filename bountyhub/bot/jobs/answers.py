"""Answers to commands: a reaction first, then a reply where there is something to say."""

from __future__ import annotations

import logging

from bountyhub.bot import texts
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.projects.models import BotVerb
from bountyhub.projects.operations import note_bot_action

log = logging.getLogger("bountyhub.bot")
Done = list[tuple[BotVerb, int | None]]


@job("forge.answer", queue="forge")
def answer(run: Run, repository: int, number: int, comment: int, reaction: str, reply: str, why: str = "") -> None:
    """React to a comment (forge ids) and reply once, however often this runs; `why` names the commands."""
    done: Done = []
    try:
        forge().react(repository, comment, reaction)
        done.append((BotVerb.REACTION, comment))
        if reply:
            done += _reply(repository, number, texts.reply_marker(comment), reply)
    except (OutsideGone, OutsideRefused) as refusal:
        log.warning("answer to comment %s: %s", comment, refusal)
    with transaction() as session:
        for what, id in done:
            note_bot_action(session, repository, number, what, why or "A command was written.", id)
        run.done(session)


def _reply(repository: int, number: int, marker: str, reply: str) -> Done:
    lost = forge().find_own_comment(repository, number, marker)
    if lost is not None:  # a try before wrote it, and nobody was told
        return [(BotVerb.REPLY, lost)]
    return [(BotVerb.REPLY, forge().create_comment(repository, number, f"{marker}\n{reply}\n"))]
