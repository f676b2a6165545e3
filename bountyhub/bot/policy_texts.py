"""What the check run "bountyhub policy" says of a pull request that changes the policy file. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bountyhub.ports.forge import CheckRun
from bountyhub.projects.policy_file import PATH, Reading, Remark
from bountyhub.projects.rules_policy import Policy, changes

NAME = "bountyhub policy"
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~])")
KEPT = "Money that is held keeps the terms it came under."
NO = (
    "With `no`, new money stops at once. A task without a ready pull request is cancelled and its money goes back; "
    "the others end after 14 days."
)
MISTAKEN = "Merging it is possible, and would change nothing: the last file without a mistake stays in force."


def check(head_sha: str, now: Policy, read: Reading, details_url: str) -> CheckRun:
    """What merging the file would do; always neutral, so it never stands in the way of a merge."""
    title, said = _mistaken(read.errors) if read.policy is None else _valid(now, read.policy)
    if read.warnings:
        said += ["Left out, without harm:", _list(read.warnings)]
    said.append(f"[What the file may say]({details_url})")
    return CheckRun(head_sha, title, "\n\n".join(said), details_url, NAME)


def _mistaken(errors: Sequence[Remark]) -> tuple[str, list[str]]:
    count = "1 mistake" if len(errors) == 1 else f"{len(errors)} mistakes"
    return f"{count} in {PATH}: merging it would change nothing", [MISTAKEN, _list(errors)]


def _valid(now: Policy, new: Policy) -> tuple[str, list[str]]:
    found = changes(now, new)
    if not found:
        return "The file is right, and merging it changes nothing", ["It says what holds already."]
    said = ["Merging this changes what holds:"]
    said.append("\n".join(f"- `{key}`: {_plain(before)} → **{_plain(after)}**" for key, before, after in found))
    keys = [key for key, _, _ in found]
    if "bounties" in keys and not new.bounties:
        said.append(NO)
    if {"windows", "maintainers_cut"} & set(keys):
        said.append(KEPT)
    return f"Merging this changes {', '.join(keys)}", said


def _list(remarks: Sequence[Remark]) -> str:
    told = [(f"Line {one.line}" + (f", {_plain(one.key)}" if one.key else ""), _plain(one.text)) for one in remarks]
    return "\n".join(f"- {place}: {text}" for place, text in told)


def _plain(text: str) -> str:
    """What somebody wrote is text, not markup."""
    return _MARKUP.sub(r"\\\1", text)
