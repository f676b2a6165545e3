"""Event by event: what happens at GitHub, which published payload says so, and which row follows.

`python -m tests.integrations.github.official.table` prints the table. Where GitHub publishes no example of an action,
the nearest one is sent with its action changed: (from …).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integrations.github.hub import Hub
from tests.integrations.github.official import scene
from tests.integrations.github.official.cases import (
    ANYTHING_ELSE,
    Case,
    claimed,
    claimed_draft,
    do,
    of_claim,
    of_installation,
    of_project,
    of_repository,
    of_task,
    task,
    then,
)
from tests.integrations.github.official.effects import EFFECTS
from tests.integrations.github.official.more import MORE
from tests.integrations.github.official.payloads import Json, example
from tests.integrations.github.official.scene import CODERS, COMMENT, HELLO, OCTO, OCTOCATS, SPACE

TEST = "test_each_event_changes_its_row_once"
OTHERS = "test_nothing_follows_from_any_other_action"
UNLINK = "You are totally right!\n/unlink"


def _merged() -> Json:
    payload = example("pull_request", "closed")
    return payload | {"pull_request": payload["pull_request"] | {"merged": True}}


def _commented() -> Json:
    payload = example("issue_comment", "created")
    return payload | {"comment": payload["comment"] | {"body": UNLINK}}


def _example(event: str, published: str, /, **changed: Any) -> Callable[[], Json]:
    return lambda: example(event, published, **changed)


def _to_be_moved(hub: Hub) -> None:
    scene.install(hub, "octo-org", 31, "octo-org/octo-repo")
    scene.open_task(hub, "octo-org/octo-repo")
    hub.github.do("create_repository", owner="octo-org", name="octo-repo-two")


def _suspended(hub: Hub) -> None:
    scene.install(hub, "Codertocat", 16598467)
    hub.do("suspend", account="Codertocat")


def _two_repositories(hub: Hub) -> None:
    hub.github.do("create_repository", owner="octocat", name="Spoon-Knife")
    scene.install(hub, "octocat", 2, "octocat/Hello-World", "octocat/Spoon-Knife")


def _two_accounts(hub: Hub) -> None:
    scene.install(hub, "Octocoders", 41)
    hub.github.do("create_repository", owner="octo-org", name="new")
    scene.install(hub, "octo-org", 42, "octo-org/new")


CASES = (
    Case(
        "issues.opened", _example("issues", "opened"), task,
        do("edit_issue", number=1, title="Spelling error in the README"), of_task("title"),
        ("Spelling error in the README",), "a task made before the webhook came",
    ),
    Case(
        "issues.edited", _example("issues", "edited"), task,
        do("edit_issue", number=1, title="Two errors", body="It says 'commmit'."), of_task("title", "revision"),
        ("Two errors", "2"),
    ),
    Case(
        "issues.closed", _example("issues", "reopened", action="closed"), task, do("close", number=1),
        of_task("issue_open", "ends_reason"), (False, "issue_closed"), "from reopened",
    ),
    Case(
        "issues.reopened", _example("issues", "reopened"),
        then(task, "close", number=1), do("reopen", number=1), of_task("issue_open", "ends_reason"), (True, None),
    ),
    Case(
        "issues.labeled", _example("issues", "labeled"), task, do("label", number=1, name="bug"),
        of_task("labels"), ("['bug']",),
    ),
    Case(
        "issues.transferred", _example("issues", "transferred"),
        _to_be_moved, do("transfer_issue", repo=OCTO, number=1, to="octo-org/octo-repo-two"), of_task("state"),
        ("cancelled",),
    ),
    Case(
        "issues.deleted", _example("issues", "deleted"), task,
        do("delete_issue", number=1), of_task("state", "issue_exists"), ("cancelled", False),
    ),
    Case(
        "pull_request.opened", _example("pull_request", "opened"), task, scene.open_pull,
        of_claim("state", "draft"), ("linked", False), "a new row",
    ),
    Case(
        "pull_request.edited", _example("pull_request", "opened", action="edited"),
        claimed, do("edit_pull_request", number=2, body="nothing"), of_claim("state"), ("unlinked",), "from opened",
    ),
    Case(
        "pull_request.synchronize", _example("pull_request", "synchronize"), claimed,
        do("push", number=2, messages=["A second step"]), of_claim("head_sha"), (ANYTHING_ELSE,),
    ),
    Case(
        "pull_request.ready_for_review", _example("pull_request", "ready_for_review"), claimed_draft,
        do("edit_pull_request", number=2, draft=False), of_claim("draft"), (False,),
    ),
    Case(
        "pull_request.converted_to_draft", _example("pull_request", "converted_to_draft"), claimed,
        do("edit_pull_request", number=2, draft=True), of_claim("draft"), (True,),
    ),
    Case(
        "pull_request.closed (unmerged)", _example("pull_request", "closed"), claimed,
        do("close", number=2), of_claim("state"), ("closed",),
    ),
    Case(
        "pull_request.closed (merged)", _merged, claimed,
        do("merge", number=2, **{"as": "octocat"}),
        of_claim("state", "merged_at", "independent") + of_task("state"),
        ("released", ANYTHING_ELSE, True, "completed"), "merged made true",
    ),
    Case(
        "pull_request.reopened", _example("pull_request", "reopened"), then(claimed, "close", number=2),
        do("reopen", number=2), of_claim("state"), ("linked",),
    ),
    Case(
        "issue_comment.created", _commented, claimed,
        do("comment", number=1, body=UNLINK, id=COMMENT, **{"as": "octocat"}),
        of_claim("state", "cut_at"), ("unlinked", ANYTHING_ELSE), "the comment made to hold /unlink",
    ),
    Case(
        "installation.created", _example("installation", "created"), do("ping"),
        do("install", account="Codertocat", repos=["Codertocat/Hello-World"], id=957387),
        of_installation(957387, "account") + of_repository(HELLO, "installation_id") + of_project(HELLO, "name"),
        ("Codertocat", ANYTHING_ELSE, "Codertocat/Hello-World"), "new rows",
    ),
    Case(
        "installation.deleted", _example("installation", "deleted"), lambda hub: scene.install(hub, "octocat", 2),
        do("uninstall", account="octocat"),
        of_installation(2, "removed_at") + of_repository(OCTOCATS, "installation_id"), (ANYTHING_ELSE, None),
    ),
    Case(
        "installation.suspend", _example("installation", "suspend"),
        lambda hub: scene.install(hub, "Codertocat", 16598467), do("suspend", account="Codertocat"),
        of_installation(16598467, "suspended_at") + of_repository(HELLO, "installation_id"), (ANYTHING_ELSE, None),
    ),
    Case(
        "installation.unsuspend", _example("installation", "unsuspend"), _suspended,
        do("unsuspend", account="Codertocat"),
        of_installation(16598467, "suspended_at") + of_repository(HELLO, "installation_id"), (None, ANYTHING_ELSE),
    ),
    Case(
        "installation_repositories.added", _example("installation_repositories", "added"),
        scene.install, do("install", account="Codertocat", repos=["Codertocat/Hello-World", "Codertocat/Space"]),
        of_repository(SPACE, "installation_id") + of_project(SPACE, "name"), (ANYTHING_ELSE, "Codertocat/Space"),
        "new rows",
    ),
    Case(
        "installation_repositories.removed", _example("installation_repositories", "removed"),
        _two_repositories, do("install", account="octocat", repos=["octocat/Spoon-Knife"]),
        of_repository(OCTOCATS, "installation_id"), (None,),
    ),
    Case(
        "repository.renamed", _example("repository", "renamed"),
        lambda hub: scene.install(hub, "Octocoders", 41), do("rename_repository", repo=CODERS, name="Hello-Again"),
        of_repository(CODERS, "name") + of_project(CODERS, "name"), ("Hello-Again", "Octocoders/Hello-Again"),
    ),
    Case(
        "repository.transferred", _example("repository", "transferred"), _two_accounts,
        do("transfer_repository", repo=CODERS, owner="octo-org"), of_repository(CODERS, "owner"), ("octo-org",),
    ),
    Case(
        "repository.privatized", _example("repository", "privatized"), task,
        do("privatize"), of_repository(HELLO, "private") + of_task("state"), (True, "cancelled"),
    ),
    Case(
        "repository.publicized", _example("repository", "publicized"), then(task, "privatize"),
        do("privatize", private=False), of_repository(HELLO, "private"), (False,),
    ),
    *MORE,
)  # fmt: skip


def lines() -> list[str]:
    """The table: event.action, its effect, the rows it changes, the test that shows it; last, all other actions."""
    rows = [(case.name, EFFECTS[case.name], case.row, f"{TEST}[{case.name}]") for case in CASES]
    rows.append(("every other action", "stored and acknowledged; nothing changes", "", OTHERS))
    head = ("event.action", "effect", "row changed", "test")
    wide = [max(len(row[column]) for row in (head, *rows)) for column in range(3)]
    return ["  ".join([*(f"{row[n]:{wide[n]}}" for n in range(3)), row[3]]) for row in (head, *rows)]


if __name__ == "__main__":
    print("\n".join(lines()))
