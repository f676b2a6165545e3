"""Read one thing again and record it: the one road by which webhooks, jobs and reconciliation learn of changes.

Each function finishes its job in the transaction of what it recorded. Webhooks come in any order and more than once;
that doesn't matter here, because only what the forge says now is recorded.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bountyhub.bot import lookups, positions
from bountyhub.bot.turns import Turn, in_order
from bountyhub.events import outbox
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.forge import InstallationInfo, IssueInfo, RepositoryInfo
from bountyhub.projects import operations as projects
from bountyhub.projects.queries import installation_of, repository_by_forge_id
from bountyhub.work import operations as work
from bountyhub.work.pulls import read_and_record
from bountyhub.work.pushes import read_pushes as read_and_note

#: Between two repositories of one installation, so that a large one never eats the rate limit.
POLICIES_APART = timedelta(milliseconds=200)
log = logging.getLogger("bountyhub.bot")


def finish(run: Run) -> None:
    """Nothing to record: mark the job (and the webhook behind it) handled."""
    with transaction() as session:
        run.done(session)


def read_pull(run: Run, repository: int, number: int) -> None:
    """A pull request: links, unlinks, draft, base, closed, merged."""
    with reading() as session:
        concerned, hidden = lookups.has_tasks(session, repository), lookups.is_private(session, repository)
    if hidden or not concerned:
        _look_no_further(run, repository, hidden=hidden)
        return
    try:
        in_order("pull", repository, number, do=lambda turn: read_and_record(repository, number, run, turn.take))
    except NotInstalled as refusal:
        converge(run, repository, refusal)


def read_pushes(run: Run, repository: int) -> None:
    """What came onto the branches that pay: reverts."""
    with reading() as session:
        concerned, hidden = lookups.has_tasks(session, repository), lookups.is_private(session, repository)
    if hidden or not concerned:
        _look_no_further(run, repository, hidden=hidden)
        return
    try:
        read_and_note(repository, run)
    except NotInstalled as refusal:
        converge(run, repository, refusal)


def _record_pull(repository: int, number: int, turn: Turn) -> None:
    read_and_record(repository, number, None, turn.take)


def read_issue(run: Run, repository: int, number: int) -> None:
    """An issue: text, labels, open or closed, moved, deleted."""
    with reading() as session:
        concerned, hidden = lookups.has_task_for(session, repository, number), lookups.is_private(session, repository)
    if hidden or not concerned:
        _look_no_further(run, repository, hidden=hidden)
        return
    try:
        in_order(
            "issue", repository, number, do=lambda turn: _read_and_record_issue(run, repository, number, turn)
        )  # fmt: skip
    except NotInstalled as refusal:
        converge(run, repository, refusal)
    except OutsideGone:
        read_repository(run, repository)


def read_closed_issue(run: Run, repository: int, number: int) -> None:
    """An issue that was closed: nothing new where its task was released, since nothing depends on it any more."""
    with reading() as session:
        settled = lookups.is_settled(session, repository, number)
    if settled:
        finish(run)
    else:
        read_issue(run, repository, number)


def _read_and_record_issue(run: Run, repository: int, number: int, turn: Turn) -> None:
    issue = _issue(repository, number)
    if issue is not None and not issue.is_open:
        _hear_of_merges(repository, number)
    _record_issue(run, repository, number, issue, turn)


def _look_no_further(run: Run, repository: int, *, hidden: bool) -> None:
    """What a private repository says is not read; only whether it is public again."""
    if hidden:
        read_repository(run, repository)
    else:
        finish(run)


def _hear_of_merges(repository: int, number: int) -> None:
    """A merge closes its issue in the same moment: whichever is told first, the merge is recorded before the end."""
    with reading() as session:
        pulls = lookups.pulls_for_open_issue(session, repository, number)
    for home, pull in pulls:
        try:
            in_order("pull", home, pull, do=partial(_record_pull, home, pull))
        except OutsideRefused as refusal:
            log.warning("pull request %s of repository %s: %s", pull, home, refusal)


def _issue(repository: int, number: int) -> IssueInfo | None:
    """None when it is really gone; OutsideGone when its whole repository is, or is private now."""
    try:
        return forge().read_issue(repository, number)
    except OutsideGone:
        if forge().read_repository(repository).private:
            raise
        return None


def _record_issue(run: Run, repository: int, number: int, issue: IssueInfo | None, turn: Turn) -> None:
    with transaction() as session:
        turn.take(session)
        known = repository_by_forge_id(session, repository)
        if issue is not None and issue.repository == repository:
            work.record_issue(session, issue)
        elif known is not None:
            work.issue_gone(session, known, number, moved_to=issue)
        run.done(session)


def read_repository(run: Run, repository: int) -> None:
    """A repository: renamed, handed over, archived, made private, deleted."""
    with reading() as session:
        known = repository_by_forge_id(session, repository) is not None
    if not known:
        finish(run)
        return
    try:
        in_order(
            "repository", repository, do=lambda turn: _record_repository(run, repository, _repository(repository), turn)
        )
    except NotInstalled as refusal:
        converge(run, repository, refusal)


def _repository(repository: int) -> RepositoryInfo | None:
    try:
        return forge().read_repository(repository)
    except OutsideGone:
        return None


def _record_repository(run: Run | None, repository: int, info: RepositoryInfo | None, turn: Turn) -> None:
    with transaction() as session:
        turn.take(session)
        row = repository_by_forge_id(session, repository)
        assert row is not None
        before = installation_of(session, repository)
        if info is not None:
            branch = row.default_branch
            projects.record_repository(session, info)
            if branch != info.default_branch:
                _ask_for_policy(session, repository)
            work.repositories_writable(session, [repository])
            for changed in {before, info.installation} - {None} if before != info.installation else ():
                outbox.add(session, "forge.sync_installation", key=f"installation:{changed}", installation=changed)
        if info is None or info.private:
            work.repository_gone(session, row)
        else:
            work.follow_archiving(session, [info.id])
            for number in lookups.issues_given_up(session, info.id):
                key = f"issue:{repository}:{number}"
                outbox.add(session, "forge.read_issue", key=key, repository=repository, number=number)
        if run is not None:
            run.done(session)


def read_installation(run: Run | None, installation: int) -> bool:
    """An installation and its repositories; whether it works (exists and isn't suspended)."""
    return in_order("installation", installation, do=lambda turn: _read_installation(run, installation, turn))


def _read_installation(run: Run | None, installation: int, turn: Turn) -> bool:
    info = _installation(installation)
    if info is None or info.suspended:
        _record_removed(run, installation, turn, suspended=info is not None)
        return False
    covered = forge().installed_repositories(installation)
    _record_installation(run, info, covered, _elsewhere(installation, {one.id for one in covered}), turn)
    return True


def _installation(installation: int) -> InstallationInfo | None:
    try:
        return forge().read_installation(installation)
    except OutsideGone:
        return None


def _elsewhere(installation: int, covered: set[int]) -> dict[int, int | None]:
    """Repositories that left an installation, with the one they are in now: a transfer may only change it.

    One that went private is in it still, and listed no more: recorded as what it is.
    """
    with reading() as session:
        left = [one for one in lookups.covered_by(session, installation) if one not in covered]
    found: dict[int, int | None] = {}
    for one in left:
        info = _repository(one)
        if info is not None and info.private and info.installation == installation:
            _hide(one, info)
        else:
            found[one] = info.installation if info else None
    return found


def _hide(repository: int, info: RepositoryInfo) -> None:
    with reading() as session:
        hidden = lookups.is_private(session, repository)
    if not hidden:
        in_order("repository", repository, do=lambda turn: _record_repository(None, repository, info, turn))


def _record_installation(
    run: Run | None, info: InstallationInfo, covered: list[RepositoryInfo], left: dict[int, int | None],
    turn: Turn,
) -> None:  # fmt: skip
    with transaction() as session:
        turn.take(session)
        lost = [one for one, now_in in left.items() if now_in in (None, info.id)]
        if lost:
            work.app_removed(session, info.id, lost)
        known, lacked = set(lookups.covered_by(session, info.id)), lookups.lacks(session, info.id)
        positions.obey_from_now(session, [one.id for one in covered if installation_of(session, one.id) is None])
        row = projects.record_installation(session, info, covered)
        work.app_installed(session, [one.id for one in covered])
        work.repositories_writable(session, [one.id for one in covered])
        work.follow_archiving(session, [one.id for one in covered])
        if row.missing != lacked:
            known = set()  # what couldn't be written before may be now
            outbox.add(session, "notify.app_lacks", installation=row.id, missing=row.missing)
        for apart, one in enumerate(covered):
            _ask_for_policy(session, one.id, clock.real_now() + apart * POLICIES_APART)
        for claim in lookups.linked_claims(session, [one.id for one in covered if one.id not in known]):
            outbox.add(session, "forge.sync_check", key=f"check:{claim}", claim=claim)
        for other in {now_in for one, now_in in left.items() if one not in lost}:
            outbox.add(session, "forge.sync_installation", key=f"installation:{other}", installation=other)
        if run is not None:
            run.done(session)


def _ask_for_policy(session: Session, repository: int, at: datetime | None = None) -> None:
    outbox.add(session, "forge.read_policy", key=f"policy:{repository}", run_at=at, repository=repository)


def _record_removed(run: Run | None, installation: int, turn: Turn, *, suspended: bool) -> None:
    with transaction() as session:
        turn.take(session)
        if installation in lookups.live_installations(session):
            work.app_removed(session, installation, None, suspended=suspended)
        if run is not None:
            run.done(session)


def converge(run: Run, repository: int, refusal: NotInstalled) -> None:
    """The App can't act there: record that it was removed, or try again later if the forge says it wasn't."""
    with reading() as session:
        installation = installation_of(session, repository)
    if installation is None or read_installation(None, installation):
        raise OutsideUnavailable(str(refusal)) from refusal
    finish(run)
