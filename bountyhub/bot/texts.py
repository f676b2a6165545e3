"""The words of the bot: the issue's status comment, the check run, replies. Pure; used by the jobs.

Nobody is mentioned with an @ in a comment that is edited often: it would ring their bell each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from bountyhub.bot.languages import translate
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
    """What the one comment on an issue says, in the project's languages, one under the other."""
    return f"{MARKER}\n\n{in_languages(lambda language: _status(task, language), task.languages)}\n"


def in_languages(say: Callable[[str], str], languages: Sequence[str]) -> str:
    """The same in each language, parted by a line."""
    return "\n\n---\n\n".join(say(language) for language in languages)


def reply(text: str, languages: Sequence[str]) -> str:
    """An answer to a command."""
    return in_languages(lambda language: translate(text, language), languages)


def _status(task: TaskStatus, language: str) -> str:
    def say(text: str) -> str:
        return translate(text, language)

    parts = [f"### {say(headline(task))}", f"**{say('Next:')}** {say(task.next_step.text)}"]
    if task.next_step.detail:
        parts.append(say(task.next_step.detail))
    facts = [f"- {say(fact)}" for fact in _facts(task)]
    facts += [f"- [{say(f'#{one.pull_number} by {one.author_login}')}]({one.details_url})" for one in task.claims]
    if facts:
        parts.append("\n".join(facts))
    fund = [f"[{say('Fund this issue')}]({task.fund_url})"] if task.takes_money else []
    parts.append(" · ".join([*fund, f"[{say('Where the money is')}]({task.url})"]))
    return "\n\n".join(parts)


def headline(task: TaskStatus) -> str:
    """How much is held, by how many; names nobody."""
    if not task.held:
        return "This issue is on bountyhub"
    backers = "1 backer" if task.backers == 1 else f"{task.backers} backers"
    return f"{short(task.held)} held for this issue by {backers}"


def _facts(task: TaskStatus) -> list[str]:
    facts = [f"{short(task.takeable)} of it can still be taken back at once"] if task.takeable else []
    facts += [f"{short(task.promised)} promised apart, charged when the work is accepted"] if task.promised else []
    facts += [f"On it: {', '.join(task.attempts)}"] if task.attempts else []
    return facts


def check_run(claims: Sequence[ClaimStatus]) -> CheckRun:
    """What the merge box shows for all the tasks a pull request stands for: its line in the first language."""
    first = claims[0]
    summary = in_languages(lambda language: _summary(claims, language), first.languages)
    titles = [translate(claim.title, first.languages[0]) for claim in claims]
    title = titles[0] if len(titles) == 1 else f"{len(titles)}× " + " · ".join(titles)
    return CheckRun(first.head_sha, title, summary, first.details_url)


def _summary(claims: Sequence[ClaimStatus], language: str) -> str:
    if len(claims) == 1:
        return translate(claims[0].summary, language)
    parts = [f"### [{translate(claim.title, language)}]({claim.details_url})" for claim in claims]
    said = [translate(claim.summary, language) for claim in claims]
    return "\n\n".join(f"{head}\n\n{text}" for head, text in zip(parts, said, strict=True))


def check_digest(check: CheckRun) -> str:
    """What an unchanged check run is known by."""
    return digest(check.head_sha, check.title, check.summary, check.details_url)
