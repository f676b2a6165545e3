"""Answers to commands: a reaction first, then a reply where there is something to say."""

from __future__ import annotations

import logging

from bountyhub.events.registry import Run, job
from bountyhub.integrations.github import texts
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused

log = logging.getLogger("bountyhub.github")


@job("forge.answer", queue="forge")
def answer(run: Run, repository: int, number: int, comment: int, reaction: str, reply: str) -> None:
    """React to a comment (forge ids) and reply once, however often this runs."""
    try:
        forge().react(repository, comment, reaction)
        if reply:
            _reply(repository, number, texts.reply_marker(comment), reply)
    except (OutsideGone, OutsideRefused) as refusal:
        log.warning("answer to comment %s: %s", comment, refusal)


def _reply(repository: int, number: int, marker: str, reply: str) -> None:
    if forge().find_own_comment(repository, number, marker) is None:
        forge().create_comment(repository, number, f"{marker}\n{reply}\n")
