"""The check run in a pull request's merge box: neutral, one for each head, for all tasks it stands for."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from bountyhub.bot import lookups, texts
from bountyhub.bot.turns import one_at_a_time, step_back_for_earlier
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused
from bountyhub.ports.forge import CheckRun
from bountyhub.projects.models import BotVerb
from bountyhub.projects.operations import note_bot_action
from bountyhub.work.models import ClaimState
from bountyhub.work.operations import record_check_run, try_check_run
from bountyhub.work.queries import ClaimStatus, claim_status

log = logging.getLogger("bountyhub.bot")


@job("forge.sync_check", queue="forge")
def sync_check(run: Run, claim: int) -> None:
    """Show on the current head what merging would do; the link counts as shown from our commit on."""
    with reading() as session:
        asked = claim_status(session, claim)
    if asked.landed:
        return  # there is no merge box
    with one_at_a_time("check", asked.repository_forge_id, asked.pull_number):
        step_back_for_earlier(run)
        with reading() as session:
            shown = [claim_status(session, id) for id in lookups.claims_beside(session, claim)]
        check = texts.check_run(shown)
        digest = texts.check_digest(check)
        if all((one.check_sha, one.check_digest) == (check.head_sha, digest) for one in shown):
            return
        try:
            id = _put(shown, check)
        except NotInstalled as refusal:
            log.warning("check run of claim %s: %s", claim, refusal)
            return  # asked for again when the App comes back
        except (OutsideGone, OutsideRefused):
            if any(one.state is ClaimState.LINKED for one in shown):
                raise
            return  # nothing depends any more on what an archived repository's merge box says
        with transaction() as session:
            for one in shown:
                record_check_run(session, one.claim_id, check_run_id=id, head_sha=check.head_sha, digest=digest)
            _note(session, shown, check, id)
            run.done(session)


def _note(session: Session, shown: list[ClaimStatus], check: CheckRun, id: int) -> None:
    """Why it was written: one of them was not shown on this head, or says something else now."""
    new = any(one.check_sha != check.head_sha for one in shown)
    states = ", ".join(f"#{one.issue_number} {one.state}" for one in shown)
    why = f"{'Linked, or pushed to' if new else 'What merging does changed'}: {states}."
    note_bot_action(session, shown[0].repository_forge_id, shown[0].pull_number, BotVerb.CHECK_RUN, why, id)


def _put(shown: list[ClaimStatus], check: CheckRun) -> int:
    repository = shown[0].repository_forge_id
    known = [one.check_run_id for one in shown if one.check_run_id and one.check_sha == check.head_sha]
    existing = known[0] if known else _lost(shown, check)
    return forge().put_check_run(repository, check, existing)


def _lost(shown: list[ClaimStatus], check: CheckRun) -> int | None:
    """One that was made on this head by a try whose answer was lost; not looked for where there was no try."""
    with transaction() as session:
        tried = [try_check_run(session, one.claim_id, check.head_sha) for one in shown]
    return forge().find_check_run(shown[0].repository_forge_id, check.head_sha) if any(tried) else None
