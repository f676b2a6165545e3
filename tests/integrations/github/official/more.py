"""More of the table: what happens to repositories, branches, installations and issues in the course of time."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update

from bountyhub.kit.database import transaction
from bountyhub.projects.models import Repository
from bountyhub.work import operations as work
from tests.integrations.github.hub import Hub
from tests.integrations.github.official import scene
from tests.integrations.github.official.cases import (
    ANYTHING_ELSE,
    Case,
    claimed,
    do,
    of_claim,
    of_installation,
    of_repository,
    of_task,
    task,
    then,
)
from tests.integrations.github.official.payloads import Json, example
from tests.integrations.github.official.scene import CODERS, HELLO, OCTO

LACKING = "checks:read,contents:read,issues:write,metadata:read,pull_requests:write"
COMPLETE = LACKING.replace("checks:read", "checks:write")


def _example(event: str, published: str, **changed: object) -> Callable[[], Json]:
    return lambda: example(event, published, **changed)


def _edited_pull() -> Json:
    return example("pull_request", "opened", action="edited")


def _target_renamed() -> Json:
    payload = example("installation", "created", action="renamed", target_type="User")
    return payload | {"account": payload["installation"]["account"], "changes": {"login": {"from": "Codertocat"}}}


def _of_coders(action: str) -> Callable[[], Json]:
    return _example("repository", "edited", action=action)


def _coders(hub: Hub) -> None:
    """A repository of the payloads with an open task."""
    hub.github.do("open_issue", repo=CODERS, title="Spelling", body="")
    scene.install(hub, "Octocoders", 41)
    scene.open_task(hub, "Octocoders/Hello-World")


def _coders_with_pull(hub: Hub) -> None:
    _coders(hub)
    hub.github.do("set_permission", repo=CODERS, login="Codertocat", role="write")
    hub.github.do("open_pull_request", repo=CODERS, title="Mend it", body="Fixes #1", **{"as": "Codertocat"})
    hub.deliver()


def _two_of_one_project(hub: Hub) -> None:
    hub.github.do("create_repository", owner="octo-org", name="octo-repo-two")
    scene.install(hub, "octo-org", 31, "octo-org/octo-repo", "octo-org/octo-repo-two")
    scene.open_task(hub, "octo-org/octo-repo")
    with transaction() as session:
        project = session.scalars(select(Repository.project_id).where(Repository.forge_id == OCTO)).one()
        session.execute(update(Repository).where(Repository.owner == "octo-org").values(project_id=project))


def _lacking(hub: Hub) -> None:
    hub.github.do("app_asks", permissions=LACKING)
    scene.install(hub)
    hub.github.do("app_asks", permissions=COMPLETE)


def _completed(hub: Hub) -> None:
    """Its issue read as closed: that is done no more once nothing depends on it."""
    claimed(hub)
    hub.do("merge", repo=HELLO, number=2, **{"as": "octocat"})
    closed = hub.forge.read_issue(HELLO, 1)
    with transaction() as session:
        work.record_issue(session, closed)


MORE = (
    Case(
        "issues.closed (made a discussion)", _example("issues", "reopened", action="closed"), task,
        do("convert_to_discussion", number=1), of_task("issue_open", "ends_reason"), (False, "issue_closed"),
        "from reopened",
    ),
    Case(
        "issues.reopened (after completion)", _example("issues", "reopened"), _completed, do("reopen", number=1),
        of_task("issue_open"), (True,),
    ),
    Case(
        "issues.transferred (within the project)", _example("issues", "transferred"), _two_of_one_project,
        do("transfer_issue", repo=OCTO, number=1, to="octo-org/octo-repo-two"),
        of_task("repository_id", "issue_forge_id"), (ANYTHING_ELSE, ANYTHING_ELSE),
    ),
    Case(
        "issues.unlabeled", _example("issues", "unlabeled"), then(task, "label", number=1, name="bug"),
        do("unlabel", number=1, name="bug"), of_task("labels"), ("[]",),
    ),
    Case(
        "pull_request.edited (retargeted)", _edited_pull, claimed, do("edit_pull_request", number=2, base="next"),
        of_claim("base", "base_counts"), ("next", False), "from opened",
    ),
    Case(
        "pull_request.edited (base branch renamed)", _edited_pull, claimed, do("rename_branch", to="trunk"),
        of_claim("base"), ("trunk",), "from opened",
    ),
    Case(
        "installation.new_permissions_accepted", _example("installation", "new_permissions_accepted"), _lacking,
        do("accept_permissions", account="Codertocat"), of_installation(957387, "missing"), ("[]",),
    ),
    Case(
        "installation_target.renamed", _target_renamed, scene.install,
        do("rename_person", login="Codertocat", to="Codertocat-2"),
        of_installation(957387, "account") + of_repository(HELLO, "owner"), ("Codertocat-2", "Codertocat-2"),
        "from installation.created",
    ),
    Case(
        "repository.edited (default branch)", _of_coders("edited"), _coders,
        do("rename_branch", repo=CODERS, to="trunk"),
        of_repository(CODERS, "default_branch"), ("trunk",),
    ),
    Case(
        "repository.archived", _of_coders("archived"), _coders, do("archive_repository", repo=CODERS),
        of_repository(CODERS, "archived") + of_task("state", "ends_reason"), (True, "cancelled", "archived"),
        "from edited",
    ),
    Case(
        "repository.unarchived", _of_coders("unarchived"), then(_coders_with_pull, "archive_repository", repo=CODERS),
        do("archive_repository", repo=CODERS, archived=False),
        of_repository(CODERS, "archived") + of_task("ends_reason"), (False, None), "from edited",
    ),
    Case(
        "repository.deleted", _of_coders("deleted"), _coders, do("delete_repository", repo=CODERS),
        of_task("state", "ends_reason"), ("cancelled", "issue_gone"), "from edited",
    ),
)  # fmt: skip
