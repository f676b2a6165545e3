"""What every action and answer of the GitHub stand-in works on: one transaction, the time and the addresses.

Also the look-ups of stored documents. Built per request by `calls.py` and by `seeding.py`.

Kinds: gh_person (ref login), gh_repo (ref owner/name), gh_moved (old names), gh_issue (issues and pull requests, ref
repository/kind/state), gh_comment and gh_review (ref repository/number), gh_commit (ref repository/branch), gh_check
(ref repository/sha), gh_installation (ref account), gh_token, gh_code, gh_hook (ref hour), gh_setting.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.github.errors import GithubError, MovedIssue, gone, not_found
from bountyhub.sandbox.store import Doc, Tx

#: Who stands for deleted people on GitHub, and the number of that account.
GHOST: Doc = {"id": 10_137, "login": "ghost", "name": "Deleted user", "email": "", "type": "User", "created": 0}
APP_SLUG = "bountyhub"
BOT_LOGIN = f"{APP_SLUG}[bot]"

# GitHub's ids no longer fit into 31 bits; neither do ours, so that nobody stores them in a plain integer.
FIRST_ID = {
    "gh_person": 58_000_001,
    "gh_repo": 740_000_001,
    "gh_issue": 3_210_000_001,
    "gh_pull": 2_490_000_001,
    "gh_comment": 3_310_000_001,
    "gh_label": 8_120_000_001,
    "gh_milestone": 12_400_001,
    "gh_reaction": 310_000_001,
    "gh_review": 3_090_000_001,
    "gh_check": 41_200_000_001,
    "gh_suite": 38_100_000_001,
    "gh_installation": 61_000_001,
    "gh_hook": 190_000_000_001,
}


@dataclass(frozen=True)
class Urls:
    """Addresses inside bodies, all below `root` (`http://host:port/github`)."""

    root: str

    @property
    def api(self) -> str:
        return f"{self.root}/api/v3"

    def repo(self, repo: Doc) -> str:
        return f"{self.api}/repos/{repo['full_name']}"

    def page(self, repo: Doc) -> str:
        return f"{self.root}/{repo['full_name']}"


@dataclass(frozen=True)
class World:
    """`now` is business time, `real` protocol time, both unix seconds; webhooks always name the configured host."""

    tx: Tx
    now: int
    urls: Urls
    config: SandboxConfig | None = None

    @property
    def real(self) -> int:
        return int(time.time())

    def for_hooks(self) -> World:
        if self.config is None:
            return self
        return World(self.tx, self.now, Urls(f"{self.config.url}/github"), self.config)

    def new_id(self, kind: str, wanted: int | None = None) -> int:
        """The next id, or the wanted one (tests rebuild worlds whose ids are known) unless it is taken."""
        if wanted is None:
            return self.tx.next(kind, FIRST_ID[kind])
        if self.tx.get(kind, str(wanted)) is not None:
            raise GithubError(422, f"{wanted} is taken")
        return wanted

    # ------------------------------------------------------------ people

    def person(self, id: int) -> Doc:
        """A person, bot or organisation that is known to exist."""
        found = self.tx.get("gh_person", str(id))
        if found is None:
            raise not_found()
        return found

    def shown(self, id: int) -> Doc:
        """Who is named as the author of something: the ghost once the person deleted their account."""
        found = self.person(id)
        return GHOST if found.get("deleted") else found

    def person_by_login(self, login: str) -> Doc | None:
        found = self.tx.all("gh_person", ref=login.lower())
        return found[0] if found else None

    def named(self, login: str) -> Doc:
        """The person of that login; raises a GithubError that says who is missing."""
        found = self.person_by_login(login)
        if found is None:
            raise GithubError(404, f"{login} is not a user")
        return found

    # ------------------------------------------------------------ repositories

    def repo(self, id: int) -> Doc:
        """A repository that has not been deleted."""
        found = self.tx.get("gh_repo", str(id))
        if found is None or found["deleted"]:
            raise not_found()
        return found

    def find_repo(self, id: int) -> Doc | None:
        """A repository, None once it is deleted."""
        found = self.tx.get("gh_repo", str(id))
        return None if found is None or found["deleted"] else found

    def head_owner(self, pull: Doc) -> str:
        """Whose branch a pull request asks to merge; the ghost's once that repository is deleted."""
        home = self.find_repo(pull["head_repo"])
        return str((GHOST if home is None else self.shown(home["owner"]))["login"])

    def repo_by_name(self, full_name: str) -> Doc | None:
        """Only by its present name; see `moved_repo` for former ones."""
        found = [repo for repo in self.tx.all("gh_repo", ref=full_name.lower()) if not repo["deleted"]]
        return found[0] if found else None

    def moved_repo(self, full_name: str) -> Doc | None:
        """The repository that had this name before."""
        found = self.tx.get("gh_moved", full_name.lower())
        return None if found is None else self.tx.get("gh_repo", str(found["repo"]))

    def put_repo(self, repo: Doc) -> Doc:
        return self.tx.put("gh_repo", str(repo["id"]), repo, ref=repo["full_name"].lower())

    # ------------------------------------------------------------ issues and pull requests

    def issue(self, repo: Doc, number: int) -> Doc:
        """An issue or pull request; 410 when deleted, MovedIssue when it now lives in another repository."""
        found = self.find_issue(repo, number)
        if found is None:
            raise not_found()
        if found["state"] == "deleted":
            raise gone()
        if found["state"] == "transferred":
            raise MovedIssue(*found["moved_to"])
        return found

    def find_issue(self, repo: Doc, number: int) -> Doc | None:
        return self.tx.get("gh_issue", f"{repo['id']}/{number}")

    def pull(self, repo: Doc, number: int) -> Doc:
        found = self.find_issue(repo, number)
        if found is None or found["pull"] is None:
            raise not_found()
        return found

    def new_number(self, repo: Doc, wanted: int | None = None) -> int:
        """Issues and pull requests of a repository share their numbers."""
        if wanted is not None and self.find_issue(repo, wanted) is not None:
            raise GithubError(422, f"#{wanted} is taken")
        while wanted is None or self.find_issue(repo, wanted) is not None:
            wanted = self.tx.next(f"gh_number/{repo['id']}")
        return wanted

    def put_issue(self, issue: Doc) -> Doc:
        kind = "issue" if issue["pull"] is None else "pull"
        ref = f"{issue['repo']}/{kind}/{issue['state']}"
        return self.tx.put("gh_issue", f"{issue['repo']}/{issue['number']}", issue, ref=ref)

    def issues(self, repo: Doc, state: str, kinds: tuple[str, ...] = ("issue", "pull")) -> Iterator[Doc]:
        """Newest first within each kind; `state` is open, closed or all."""
        for one_state in ("open", "closed") if state == "all" else (state,):
            for kind in kinds:
                yield from self.tx.all("gh_issue", ref=f"{repo['id']}/{kind}/{one_state}", newest_first=True)

    # ------------------------------------------------------------ the App

    def installation(self, id: int) -> Doc | None:
        found = self.tx.get("gh_installation", str(id))
        return None if found is None or found["deleted"] else found

    def installation_of(self, account: int) -> Doc | None:
        """An account has at most one living installation."""
        found = [doc for doc in self.tx.all("gh_installation", ref=str(account)) if not doc["deleted"]]
        return found[0] if found else None

    def installation_for(self, repo: Doc) -> Doc | None:
        """The installation that covers this repository, suspended or not."""
        found = self.installation_of(repo["owner"])
        return found if found is not None and covers(found, repo) else None

    # ------------------------------------------------------------ settings of the stand-in itself

    def setting(self, name: str) -> int:
        found = self.tx.get("gh_setting", name)
        return 0 if found is None else int(found["value"])

    def set_setting(self, name: str, value: int) -> None:
        self.tx.put("gh_setting", name, {"value": value})


def covers(installation: Doc, repo: Doc) -> bool:
    if installation["account"] != repo["owner"]:
        return False
    return installation["selection"] == "all" or repo["id"] in installation["repos"]


def iso(seconds: int | None) -> str | None:
    """GitHub's way to write a time."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
