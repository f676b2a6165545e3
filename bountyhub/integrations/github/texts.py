"""The words of the bot: the issue's status comment, the check run, replies. Pure; used by the jobs.

Nobody is mentioned with an @ in a comment that is edited often: it would ring their bell each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bountyhub.kit.money import short
from bountyhub.ports.forge import CheckRun
from bountyhub.work.queries import ClaimStatus, TaskStatus

#: By this the bot finds its own status comment on an issue again.
MARKER = "<!-- bountyhub:status -->"


def reply_marker(comment_id: int) -> str:
    """By this the bot finds its own reply to a command again."""
    return f"<!-- bountyhub:reply:{comment_id} -->"


def digest(*texts: str) -> str:
    """What an unchanged text is known by."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def status_comment(task: TaskStatus) -> str:
    """What the one comment on an issue says."""
    parts = [MARKER, f"### {headline(task)}", f"**Next:** {task.next_step.text}"]
    if task.next_step.detail:
        parts.append(task.next_step.detail)
    if facts := _facts(task):
        parts.append("\n".join(f"- {fact}" for fact in facts))
    fund = [f"[Fund this issue]({task.fund_url})"] if task.takes_money else []
    parts.append(" · ".join([*fund, f"[Where the money is]({task.url})"]))
    return "\n\n".join(parts) + "\n"


def headline(task: TaskStatus) -> str:
    """How much is held, by how many; names nobody."""
    if not task.held:
        return "This issue is on bountyhub"
    backers = "1 backer" if task.backers == 1 else f"{task.backers} backers"
    return f"{short(task.held)} held for this issue by {backers}"


def _facts(task: TaskStatus) -> list[str]:
    facts = [f"{short(task.takeable)} of it can still be taken back at once"] if task.takeable else []
    facts += [f"{short(task.promised)} promised apart, charged when the work is accepted"] if task.promised else []
    return facts + [f"[#{claim.pull_number} by {claim.author_login}]({claim.details_url})" for claim in task.claims]


def check_run(claims: Sequence[ClaimStatus]) -> CheckRun:
    """What the merge box shows for all the tasks a pull request stands for."""
    first = claims[0]
    if len(claims) == 1:
        return CheckRun(first.head_sha, first.title, first.summary, first.details_url)
    title = f"{len(claims)} tasks: " + " · ".join(claim.title for claim in claims)
    summary = "\n\n---\n\n".join(f"### [{claim.title}]({claim.details_url})\n\n{claim.summary}" for claim in claims)
    return CheckRun(first.head_sha, title, summary, first.details_url)


def check_digest(check: CheckRun) -> str:
    """What an unchanged check run is known by."""
    return digest(check.head_sha, check.title, check.summary, check.details_url)
