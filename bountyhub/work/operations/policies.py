"""What a policy file changes in a repository's tasks, from its record on. The forge integration calls it.

Money that is held keeps the terms it came under: each contribution names the version that was in force then.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.people.operations import FORGE
from bountyhub.ports.forge import IssueInfo, PullRequestInfo
from bountyhub.projects import policies
from bountyhub.projects.models import Project, Repository
from bountyhub.projects.policies import Found
from bountyhub.projects.policy_file import PATH
from bountyhub.projects.queries import is_installed
from bountyhub.projects.rules_policy import Policy, opens_itself
from bountyhub.tasks.models import OVER, Task
from bountyhub.tasks.operations import create_task, show
from bountyhub.tasks.queries import task_of_issue
from bountyhub.work.models import Claim
from bountyhub.work.operations.branches import look_again_at_linked
from bountyhub.work.operations.ends import follow_policy
from bountyhub.work.operations.live_claims import ask_to_count


def record_policy(session: Session, repository_id: int, found: Found) -> None:
    """Keep a file that was read and, where it is valid, do what it says from now on."""
    # NO KEY: claims on its tasks, which name it, don't wait; a task that is being made does.
    repository = session.get_one(Repository, repository_id, with_for_update={"key_share": True}, populate_existing=True)
    before, after = policies.record(session, repository, found, FORGE.name)
    session.flush()
    if before == after:
        return
    for number in policies.checked_pulls(session, repository.id):
        _ask_for_check(session, repository.forge_id, number)
    if before.bounties != after.bounties:
        follow_policy(session, repository, bounties=after.bounties)
    if before.branches != after.branches:
        look_again_at_linked(session, Repository.id == repository.id)
    if before.claims != after.claims:
        ask_to_count(session, Claim.repository_id == repository.id)
    if before.languages != after.languages:
        _show_all(session, repository)
    if (before.labels, before.bounties) != (after.labels, after.bounties):
        open_labelled(session, repository)


def open_labelled(session: Session, repository: Repository) -> None:
    """Ask for the issues that carry a label of the policy file to become tasks."""
    if repository.policy_now.labels:
        key = f"labelled:{repository.forge_id}"
        outbox.add(session, "forge.open_labelled", key=key, repository=repository.forge_id)


def _ask_for_check(session: Session, repository_forge_id: int, number: int) -> None:
    key = f"policy-check:{repository_forge_id}:{number}"
    outbox.add(session, "forge.check_policy", key=key, repository=repository_forge_id, number=number)


def ask_for_checks(session: Session, pulls: Iterable[PullRequestInfo]) -> None:
    """Open pull requests that change the policy file are told what that would do."""
    for pull in pulls:
        if pull.is_open and PATH in pull.paths:
            _ask_for_check(session, pull.repository, pull.number)


def _show_all(session: Session, repository: Repository) -> None:
    query = select(Task).where(Task.repository_id == repository.id, Task.state.not_in(OVER)).order_by(Task.id)
    for task in session.scalars(query):
        show(session, task)


def open_by_label(session: Session, repository_id: int, issue: IssueInfo) -> bool:
    """An open issue with a label of the policy file becomes a task, unless it ever was one: then a person decides."""
    repository = session.get_one(Repository, repository_id, with_for_update={"key_share": True}, populate_existing=True)
    policy: Policy = repository.policy_now
    if not issue.is_open or not opens_itself(policy, issue.labels) or not is_installed(session, repository):
        return False
    if session.get_one(Project, repository.project_id).pause is not None:
        return False  # looked at again when it goes on
    if repository.archived or task_of_issue(session, repository.id, issue.number) is not None:
        return False
    create_task(session, repository, issue, FORGE, opened=True)
    return True
