"""A repository's policy file: every version kept, the one in force, and whom it names. Work and the forge call it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.people.models import Identity
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import PolicyCheck, PolicyDecider, PolicyVersion, Repository
from bountyhub.projects.policy_file import LONGEST, Reading, Remark
from bountyhub.projects.rules_policy import Policy, as_json, deciding

#: Pull requests that are looked at again when the policy changes.
MOST_CHECKED = 20


@dataclass(frozen=True)
class Found:
    """The file at a commit of the default branch: `text` is None where there is none.

    `deciders`: forge id by login, for every decider of a valid file.
    """

    commit: str
    text: str | None
    reading: Reading
    deciders: Mapping[str, int]


def refuse_unknown(reading: Reading, unknown: Collection[str]) -> Reading:
    """The reading of a file that names accounts which aren't there, or are bots: a mistake on the line of each."""
    if not unknown:
        return reading
    errors = [
        Remark(reading.lines.get(name, 1), "deciders", f"There is no person @{name}: correct the name, or remove it.")
        for name in unknown
    ]
    return replace(reading, policy=None, errors=(*reading.errors, *errors))


def record(session: Session, repository: Repository, found: Found, actor: str) -> tuple[Policy, Policy]:
    """Keep a version that was read; the policy before and after. One with a mistake changes nothing.

    Called with the repository locked.
    """
    before = repository.policy_now
    read = version(session, repository.policy_read_id)
    if read is not None and (read.commit_sha, read.text) == (found.commit, _storable(found.text)):
        return before, before
    row = PolicyVersion(
        repository_id=repository.id, commit_sha=found.commit, text=_storable(found.text),
        terms=None if found.reading.policy is None else as_json(found.reading.policy),
        remarks=[asdict(one) | {"wrong": wrong} for wrong, one in _remarks(found.reading)],
        deciders=[[id, login] for login, id in found.deciders.items()], read_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    repository.policy_read_id = row.id
    valid = row.terms is not None
    audit.record(session, actor, "policy_read", "repository", repository.id, commit=found.commit, valid=valid)
    if row.terms is not None:
        repository.policy_id, repository.policy = row.id, row.terms
        _name_deciders(session, repository, found.deciders)
    return before, repository.policy_now


def _storable(text: str | None) -> str | None:
    """A database takes neither zeros nor half characters; what is too long has a mistake anyway."""
    return None if text is None else text[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _remarks(reading: Reading) -> list[tuple[bool, Remark]]:
    return [*((True, one) for one in reading.errors), *((False, one) for one in reading.warnings)]


def _name_deciders(session: Session, repository: Repository, deciders: Mapping[str, int]) -> None:
    session.execute(delete(PolicyDecider).where(PolicyDecider.repository_id == repository.id))
    for id, login in {id: login for login, id in deciders.items()}.items():
        session.add(PolicyDecider(repository_id=repository.id, forge_id=id, login=login))


def version(session: Session, id: int | None) -> PolicyVersion | None:
    """A version by id."""
    return None if id is None else session.get(PolicyVersion, id)


def known_deciders(session: Session, repository_id: int) -> dict[str, int]:
    """Who is named now, forge id by login: a name that was taken over by somebody else still means the first."""
    query = select(PolicyDecider).where(PolicyDecider.repository_id == repository_id)
    return {row.login: row.forge_id for row in session.scalars(query)}


def permission_with(session: Session, repository_id: int, forge_id: int, permission: Permission) -> Permission:
    """What an account of the forge may do in a repository, given what the forge says: more where it is named."""
    named = (PolicyDecider.repository_id == repository_id) & (PolicyDecider.forge_id == forge_id)
    found = session.scalar(select(exists().where(named))) or False
    return Permission(deciding(permission, named=found))


def named_people(session: Session, repository_id: int) -> list[int]:
    """People here whom the policy in force names deciders."""
    query = select(Identity.person_id).join(PolicyDecider, PolicyDecider.forge_id == Identity.forge_id)
    query = query.where(PolicyDecider.repository_id == repository_id, Identity.person_id.is_not(None))
    return [id for id in session.scalars(query.distinct().order_by(Identity.person_id)) if id is not None]


def check_of(session: Session, repository_id: int, number: int) -> PolicyCheck:
    """The check run of a pull request as known, its row locked; made blank where there was none."""
    query = select(PolicyCheck).where(PolicyCheck.repository_id == repository_id, PolicyCheck.pull_number == number)
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        row = PolicyCheck(
            repository_id=repository_id, pull_number=number, tried_sha="", head_sha="", digest="", check_run_id=None
        )
        session.add(row)
        session.flush()
    return row


def record_check(session: Session, id: int, head_sha: str, digest: str, check_run_id: int) -> None:
    """The forge confirmed what a check run says."""
    row = session.get(PolicyCheck, id)
    if row is None:
        return
    row.head_sha, row.digest, row.check_run_id = head_sha, digest, check_run_id


def forget_check(session: Session, repository_id: int, number: int) -> None:
    """A pull request that changes the file no more, or is over."""
    here = (PolicyCheck.repository_id == repository_id) & (PolicyCheck.pull_number == number)
    session.execute(delete(PolicyCheck).where(here))


def checked_pulls(session: Session, repository_id: int) -> list[int]:
    """Numbers of the pull requests that were told what they would change: the newest."""
    query = select(PolicyCheck.pull_number).where(PolicyCheck.repository_id == repository_id)
    return list(session.scalars(query.order_by(PolicyCheck.id.desc()).limit(MOST_CHECKED)))
