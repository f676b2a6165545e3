"""What pull requests say they revert, in the words of GitHub's Revert button: `Reverts owner/repo#12`. Pure."""

from __future__ import annotations

import re

from bountyhub.bot.reverts import COMMIT, LONGEST, MOST, of_title
from bountyhub.bot.visible import visible_text
from bountyhub.ports.forge import TakenBack


def of_pull(title: str, body: str, full_name: str, web_url: str) -> tuple[TakenBack, ...]:
    """What a pull request says in its body (its own words there, a line each), else in its title."""
    own = visible_text(body)[:LONGEST] if "evert" in body else ""
    found = [TakenBack(sha=sha) for sha in COMMIT.findall(own)]
    found += [TakenBack(pull=int(number)) for number in _numbers(own, full_name, web_url) if int(number)]
    return tuple(dict.fromkeys(found))[:MOST] or of_title(title)


def _numbers(text: str, full_name: str, web_url: str) -> list[str]:
    """Of its own repository only: another one's pull requests pay nothing here."""
    name, root = re.escape(full_name), re.escape(web_url.rstrip("/"))
    target = rf"(?:(?:{name})?#|{root}/{name}/pull/)([0-9]{{1,9}})"
    return re.findall(rf"(?im)^[ \t]*(?:this )?reverts:?[ \t]+{target}(?![\w#/?-])", text)
