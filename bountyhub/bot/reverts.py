"""What commits say they revert, in git's own words: `Revert "Title"` and `This reverts commit 1234abc.` Pure."""

from __future__ import annotations

import re

from bountyhub.ports.forge import TakenBack

#: More than this in one text is noise.
MOST = 20
LONGEST = 20_000
# Only what follows "commit": of a reverted merge git also names the parent that was kept.
COMMIT = re.compile(r"^[ \t]*This reverts commit ([0-9a-f]{7,40})\b", re.MULTILINE | re.ASCII)
_TITLE = re.compile(r'(Revert|Reapply) "(.{1,400})"(?: \(#[0-9]{1,9}\))?', re.ASCII)
_NUMBERED = re.compile(r"(.{1,400}) \(#([0-9]{1,9})\)", re.ASCII)


def of_message(message: str) -> tuple[TakenBack, ...]:
    """What a commit's message says: the hashes it names, else the change whose title it quotes."""
    text = message[:LONGEST]
    named = tuple(TakenBack(sha=sha) for sha in dict.fromkeys(COMMIT.findall(text)))[:MOST]
    return named or of_title(text.partition("\n")[0])


def of_title(title: str) -> tuple[TakenBack, ...]:
    """`Revert "Title"`, `Revert "Title (#12)"` as a squash names it, or `Reapply "Title"`."""
    match = _TITLE.fullmatch(title.strip())
    if match is None:
        return ()
    if match[1] == "Reapply":  # git's name for the revert of a revert
        return (TakenBack(title=f'Revert "{match[2]}"'),)
    numbered = _NUMBERED.fullmatch(match[2])
    return (TakenBack(pull=int(numbered[2])),) if numbered else (TakenBack(title=match[2]),)
