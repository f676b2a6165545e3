"""Reading the addresses people paste: of an issue, of a pull request. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bountyhub.settings.addresses import LOOPBACK
from bountyhub.tasks.errors import NotAnIssue

_PATH = re.compile(r"/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})/(issues|pull)/(\d{1,9})(/.*)?", re.ASCII)

_SHORT = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})#(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class ForgeAddress:
    """An issue or pull request by names, as pasted."""

    owner: str
    name: str
    number: int
    is_pull: bool


def read_address(text: str, web_url: str) -> ForgeAddress:
    """What an address of the forge at `web_url` names; raises NotAnIssue with what to paste instead."""
    typed = text.strip()
    if (short := _SHORT.fullmatch(typed)) is not None:
        return ForgeAddress(short[1], short[2], int(short[3]), is_pull=False)
    if "://" not in typed:
        typed = f"{urlsplit(web_url).scheme}://{typed}"
    ours = urlsplit(web_url)
    try:
        parts = urlsplit(typed)
        elsewhere = _place(parts) != _place(ours)
    except ValueError:
        raise NotAnIssue("That is no address.", advice=example(web_url)) from None
    if elsewhere or not parts.path.startswith(ours.path):
        raise NotAnIssue(f"That address is not on {ours.netloc}.", advice=example(web_url))
    found = _PATH.fullmatch(parts.path[len(ours.path) :].rstrip("/"))
    if found is None:
        raise NotAnIssue("That address is not of one issue.", advice=example(web_url))
    return ForgeAddress(found[1], found[2].removesuffix(".git"), int(found[4]), found[3] == "pull")


def _place(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port; the names of this machine are one, and `www.` is none."""
    host = (parts.hostname or "").removeprefix("www.")
    return ("localhost" if host in LOOPBACK else host, parts.port)


def read_issue_address(text: str, web_url: str) -> ForgeAddress:
    """The address of an issue; raises NotAnIssue, for a pull request too."""
    address = read_address(text, web_url)
    if address.is_pull:
        raise NotAnIssue("That is a pull request, not an issue.", advice="Paste the address of the issue it is about.")
    return address


def read_pull_address(text: str, web_url: str) -> ForgeAddress:
    """The address of a pull request; raises NotAnIssue, for an issue too."""
    try:
        address = read_address(text, web_url)
    except NotAnIssue as error:
        raise NotAnIssue(error.message, advice=example(web_url, "pull/12")) from None
    if not address.is_pull:
        raise NotAnIssue("That is an issue, not a pull request.", advice=example(web_url, "pull/12"))
    return address


def example(web_url: str, end: str = "issues/12") -> str:
    """What such an address looks like."""
    return f"It looks like {web_url}/owner/project/{end}."
