"""Jobs of policy files: read one, open what its labels name."""

from __future__ import annotations

from bountyhub.bot import policies, reads
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import IssueInfo
from bountyhub.ports.forge_lists import Narrowed
from bountyhub.projects.queries import repository_by_forge_id
from bountyhub.work import operations as work


@job("forge.read_policy", queue="forge")
def read_policy(run: Run, repository: int) -> None:
    """Record the policy file of a repository (forge id)."""
    policies.read_policy(run, repository)


@job("forge.open_labelled", queue="sweep")
def open_labelled(run: Run, repository: int) -> None:
    """Open issues that carry a label of the policy file become tasks: the newest hundred items of each label."""
    row = policies.known(repository)
    if row is None:
        reads.finish(run)
        return
    found: dict[int, IssueInfo] = {}
    for label in row.policy_now.labels:
        listed = forge().open_items(repository, 1, Narrowed(label=label))
        found |= {issue.number: issue for issue in listed if not issue.is_pull_request}
    _open(run, repository, [found[number] for number in sorted(found)])


@job("forge.open_labelled_issue", queue="forge")
def open_labelled_issue(run: Run, repository: int, number: int) -> None:
    """One issue (forge id of its repository, number) was given such a label."""
    try:
        issues = [forge().read_issue(repository, number)] if policies.known(repository) is not None else []
    except OutsideGone:
        issues = []
    _open(run, repository, [issue for issue in issues if issue.repository == repository])


def _open(run: Run, repository: int, issues: list[IssueInfo]) -> None:
    for issue in issues:
        with reading() as session:
            row = repository_by_forge_id(session, repository)
        with transaction() as session:
            if row is not None:
                work.open_by_label(session, row.id, issue)
    reads.finish(run)
