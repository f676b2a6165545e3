"""The policy file: read from the default branch and recorded; and understood, with whom it names."""

from __future__ import annotations

from bountyhub.bot import reads
from bountyhub.bot.turns import Turn, in_order
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone
from bountyhub.projects import policies
from bountyhub.projects.models import Repository
from bountyhub.projects.policies import Found
from bountyhub.projects.policy_file import PATH, Reading, parse
from bountyhub.projects.queries import is_installed, repository_by_forge_id
from bountyhub.projects.rules_policy import DEFAULTS
from bountyhub.work import operations as work


def read_policy(run: Run, repository: int) -> None:
    """Record the file of a repository (forge id) as its default branch has it now; nothing where the App isn't."""
    if known(repository) is None:
        reads.finish(run)
        return
    try:
        in_order("policy", repository, do=lambda turn: _read_and_record(run, repository, turn))
    except NotInstalled as refusal:
        reads.converge(run, repository, refusal)


def known(repository: int) -> Repository | None:
    """A repository (forge id) that the App is on."""
    with reading() as session:
        row = repository_by_forge_id(session, repository)
        return row if row is not None and is_installed(session, row) else None


def _read_and_record(run: Run, repository: int, turn: Turn) -> None:
    row = known(repository)
    found = _find(row) if row is not None else None
    with transaction() as session:
        turn.take(session)
        if row is not None and found is not None:
            work.record_policy(session, row.id, found)
        run.done(session)


def _find(row: Repository) -> Found | None:
    """What the default branch has; None where that was read already, or there never was a file."""
    commit = forge().last_change(row.forge_id, row.default_branch, PATH)
    with reading() as session:
        read = policies.version(session, row.policy_read_id)
    if (read.commit_sha if read is not None else "") == commit:
        return None
    text = forge().read_file(row.forge_id, PATH, commit) if commit else None
    if text is None:
        return Found(commit, None, Reading(DEFAULTS), {})
    understood, deciders = understand(row, text)
    return Found(commit, text, understood, deciders)


def understand(row: Repository, text: str) -> tuple[Reading, dict[str, int]]:
    """A file's reading, with the number of each decider it names; who isn't there is a mistake."""
    understood = parse(text)
    if understood.policy is None:
        return understood, {}
    with reading() as session:
        named = policies.known_deciders(session, row.id)
    ids = {login: named.get(login) or _person(row.forge_id, login) for login in understood.policy.deciders}
    unknown = [login for login, id in ids.items() if id is None]
    return policies.refuse_unknown(understood, unknown), {login: id for login, id in ids.items() if id is not None}


def _person(repository: int, login: str) -> int | None:
    try:
        found = forge().find_person(repository, login)
    except OutsideGone:
        return None
    return found.id if found.id and not found.is_bot else None
