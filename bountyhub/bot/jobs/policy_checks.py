"""The check run "bountyhub policy" on pull requests that change the policy file: neutral, one for each head."""

from __future__ import annotations

import logging

from bountyhub import settings
from bountyhub.bot import policies, policy_texts, reads, texts
from bountyhub.bot.turns import one_at_a_time, step_back_for_earlier
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused
from bountyhub.ports.forge import CheckRun, PullRequestInfo
from bountyhub.projects import policies as kept
from bountyhub.projects.models import BotVerb, PolicyCheck, Repository
from bountyhub.projects.operations import note_bot_action
from bountyhub.projects.policy_file import PATH, Reading
from bountyhub.projects.rules_policy import DEFAULTS

log = logging.getLogger("bountyhub.github")


@job("forge.check_policy", queue="forge")
def check_policy(run: Run, repository: int, number: int) -> None:
    """Say in a pull request's merge box (forge id, number) what its policy file would change, or what is wrong."""
    with one_at_a_time("policy-check", repository, number):
        step_back_for_earlier(run)
        try:
            _check(run, repository, number)
        except (NotInstalled, OutsideGone, OutsideRefused) as refusal:
            log.warning("policy check of pull request %s of repository %s: %s", number, repository, refusal)
            reads.finish(run)  # nothing depends on it


def _check(run: Run, repository: int, number: int) -> None:
    row = policies.known(repository)
    pull = forge().read_pull_request(repository, number) if row is not None else None
    if row is None or pull is None or not _concerns(pull):
        _forget(run, row, number)
        return
    check = _said(row, pull)
    digest = texts.check_digest(check)
    with transaction() as session:
        known = kept.check_of(session, row.id, number)
        if (known.head_sha, known.digest) == (check.head_sha, digest):
            run.done(session)
            return
        lost = known.tried_sha == check.head_sha != known.head_sha
        known.tried_sha = check.head_sha
    _put(run, row, known, check, digest, lost=lost)


def _put(run: Run, row: Repository, known: PolicyCheck, check: CheckRun, digest: str, *, lost: bool) -> None:
    existing = known.check_run_id if known.head_sha == check.head_sha else None
    if lost:  # a try whose answer never came may have made one
        existing = forge().find_check_run(row.forge_id, check.head_sha, check.name)
    id = forge().put_check_run(row.forge_id, check, existing)
    with transaction() as session:
        kept.record_check(session, known.id, check.head_sha, digest, id)
        why = "The pull request changes the policy file."
        note_bot_action(session, row.forge_id, known.pull_number, BotVerb.CHECK_RUN, why, id)
        run.done(session)


def _concerns(pull: PullRequestInfo) -> bool:
    """Open, into the default branch, and it changes the file."""
    if not pull.is_open or not pull.base_is_default:
        return False
    if pull.paths:
        return PATH in pull.paths
    return forge().changes_file(pull.repository, pull.number, PATH)


def _said(row: Repository, pull: PullRequestInfo) -> CheckRun:
    text = forge().read_file(row.forge_id, PATH, pull.head_sha)
    read = Reading(DEFAULTS) if text is None else policies.understand(row, text)[0]
    return policy_texts.check(pull.head_sha, row.policy_now, read, f"{settings.current().PUBLIC_URL}/policy-file")


def _forget(run: Run, row: Repository | None, number: int) -> None:
    """It changes the file no more, or is over: it isn't looked at again when the policy changes."""
    with transaction() as session:
        if row is not None:
            kept.forget_check(session, row.id, number)
        run.done(session)
