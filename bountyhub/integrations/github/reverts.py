"""What commits and pull requests say they revert, in the words of git and of GitHub's Revert button. Pure.

git: `Revert "Title"` and `This reverts commit 1234abc.`; GitHub: a pull request with the body `Reverts owner/repo#12`.
"""

from __future__ import annotations

import re

from bountyhub.integrations.github.visible import visible_text
from bountyhub.ports.forge import TakenBack

#: More than this in one text is noise.
MOST = 20
LONGEST = 20_000
# Only what follows "commit": of a reverted merge git also names the parent that was kept.
_COMMIT = re.compile(r"^[ \t]*This reverts commit ([0-9a-f]{7,40})\b", re.MULTILINE | re.ASCII)
_TITLE = re.compile(r'(Revert|Reapply) "(.{1,400})"(?: \(#[0-9]{1,9}\))?', re.ASCII)
_NUMBERED = re.compile(r"(.{1,400}) \(#([0-9]{1,9})\)", re.ASCII)


def of_message(message: str) -> tuple[TakenBack, ...]:
    """What a commit's message says: the hashes it names, else the change whose title it quotes."""
    text = message[:LONGEST]
    named = tuple(TakenBack(sha=sha) for sha in dict.fromkeys(_COMMIT.findall(text)))[:MOST]
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


def of_pull(title: str, body: str, full_name: str, web_url: str) -> tuple[TakenBack, ...]:
    """What a pull request says in its body (its own words there, a line each), else in its title."""
    own = visible_text(body)[:LONGEST] if "evert" in body else ""
    found = [TakenBack(sha=sha) for sha in _COMMIT.findall(own)]
    found += [TakenBack(pull=int(number)) for number in _numbers(own, full_name, web_url) if int(number)]
    return tuple(dict.fromkeys(found))[:MOST] or of_title(title)


def _numbers(text: str, full_name: str, web_url: str) -> list[str]:
    """Of its own repository only: another one's pull requests pay nothing here."""
    name, root = re.escape(full_name), re.escape(web_url.rstrip("/"))
    target = rf"(?:(?:{name})?#|{root}/{name}/pull/)([0-9]{{1,9}})"
    return re.findall(rf"(?im)^[ \t]*(?:this )?reverts:?[ \t]+{target}(?![\w#/?-])", text)
