"""Mails to those whom the author of a pull request names in its split."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.about import about, author, developer
from bountyhub.notifications.mails import write
from bountyhub.work.models import Claim


@job("notify.named_in_split", queue="mail")
def named_in_split(run: Run, claim: int, identities: list[int]) -> None:
    """They get so many percent from now on; whom nobody knows here finds it on the pull request."""
    with transaction() as session:
        row = session.get_one(Claim, claim)
        facts, who = about(session, row.task_id), author(session, row)
        for identity in identities:
            percent = row.split.get(str(identity))
            if percent is None:  # the author changed it meanwhile
                continue
            said = [
                f"@{who.login} says that {percent} % of what pull request #{row.pull_number}, “{row.title}”, earns "
                f"for {facts.name} are yours:\n{row.url}",
                f"Until its merge they can change it. See {settings.current().PUBLIC_URL}/claims/{row.id}",
                facts.next_line,
            ]
            key, subject = f"split:{row.ref}:{identity}:{percent}", f"{percent} % of a pull request for {facts.name}"
            write(session, key=key, to=developer(session, identity), subject=subject, paragraphs=said)
        run.done(session)
