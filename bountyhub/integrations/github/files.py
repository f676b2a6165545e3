"""Single files of a repository at a commit, and whether a pull request changes one. Used by `forge.py`."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from github.Requester import Requester

from bountyhub.integrations.github.client import Api
from bountyhub.integrations.github.installations import Installations
from bountyhub.ports.errors import OutsideGone, OutsideRefused

#: Pages of a hundred changed files that are looked through: GitHub lists them by their paths, a dot comes early.
FILE_PAGES = 3
#: GitHub's answers for a repository without any commit.
EMPTY = "409"


class FileReads:
    """The part of `forge.py` that reads files; it says how to reach GitHub."""

    _api: Api
    _installations: Installations

    def last_change(self, repository: int, branch: str, path: str) -> str:
        by = self._installations.for_repository(repository)
        return last_change(self._api, by, repository, branch, path)

    def read_file(self, repository: int, path: str, ref: str) -> str | None:
        return read(self._api, self._installations.for_repository(repository), repository, path, ref)

    def changes_file(self, repository: int, number: int, path: str) -> bool:
        return changes(self._api, self._installations.for_repository(repository), repository, number, path)


def last_change(api: Api, by: Requester, repository: int, branch: str, path: str) -> str:
    """https://docs.github.com/en/rest/commits/commits#list-commits."""
    try:
        found = api.get(by, f"/repositories/{repository}/commits", sha=branch, path=path, per_page=1)
    except OutsideGone:
        return ""
    except OutsideRefused as refusal:
        if refusal.code == EMPTY:
            return ""
        raise
    return str(found[0]["sha"]) if found else ""


def read(api: Api, by: Requester, repository: int, path: str, ref: str) -> str | None:
    """https://docs.github.com/en/rest/repos/contents#get-repository-content; a folder or link is no file."""
    try:
        found = api.get(by, f"/repositories/{repository}/contents/{quote(path)}", ref=ref)
    except OutsideGone:
        return None
    if not isinstance(found, dict) or found.get("type") != "file":
        return None
    if found.get("encoding") != "base64":
        return "#" * int(found.get("size") or 0)  # GitHub sends none of what is longer than a megabyte
    try:
        return base64.b64decode(found["content"]).decode("utf-8", "surrogateescape")
    except binascii.Error:
        return None


def changes(api: Api, by: Requester, repository: int, number: int, path: str) -> bool:
    """https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files; renamed from there counts too."""
    try:
        found = api.get_list(by, f"/repositories/{repository}/pulls/{number}/files", pages=FILE_PAGES)
    except OutsideGone:
        return False
    return any(path in (file["filename"], file.get("previous_filename")) for file in found)
