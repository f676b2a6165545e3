"""What a repository's policy file says and what is wrong with it, as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.projects import queries as projects
from bountyhub.projects.models import PolicyVersion, Repository
from bountyhub.projects.policy_file import PATH
from bountyhub.projects.rules_policy import DEFAULTS, Policy, changes, say

EXAMPLE = """bounties: yes
branches: [stable]
windows: 14
languages: [en, de]
"""


@dataclass(frozen=True)
class Commit:
    """A version of the file; `sha` is empty where no commit touches it any more."""

    sha: str
    url: str
    read_at: datetime


@dataclass(frozen=True)
class Term:
    """One key as it holds."""

    key: str
    value: str
    is_default: bool


@dataclass(frozen=True)
class RepositoryPolicy:
    """`force` is None while there never was a valid file; `newest` only where it has mistakes, and so doesn't hold."""

    full_name: str
    url: str
    branch: str
    terms: list[Term]
    force: Commit | None
    newest: Commit | None
    mistakes: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


@dataclass(frozen=True)
class PolicyPage:
    """The desk's page."""

    name: str
    url: str
    path: str
    example: str
    repositories: list[RepositoryPolicy]


def policy_page(session: Session, project_id: int) -> PolicyPage:
    """The page in three queries; raises NotFound."""
    project = projects.project(session, project_id)
    rows = projects.repositories_of(session, project_id)
    versions = _versions(session, rows)
    shown = [_repository(row, versions) for row in rows]
    return PolicyPage(project.name, f"/projects/{project.id}", PATH, EXAMPLE, shown)


def _versions(session: Session, rows: Sequence[Repository]) -> dict[int | None, PolicyVersion]:
    ids = {id for row in rows for id in (row.policy_id, row.policy_read_id)} - {None}
    return {one.id: one for one in session.scalars(select(PolicyVersion).where(PolicyVersion.id.in_(ids)))}


def _repository(row: Repository, versions: dict[int | None, PolicyVersion]) -> RepositoryPolicy:
    force, newest = versions.get(row.policy_id), versions.get(row.policy_read_id)
    wrong = newest is not None and newest.terms is None
    remarks = newest.remarks if newest is not None else []
    return RepositoryPolicy(
        full_name=row.full_name, url=row.url, branch=row.default_branch, terms=_terms(row.policy_now),
        force=_commit(row, force), newest=_commit(row, newest) if wrong else None,
        mistakes=[one for one in remarks if one["wrong"]], warnings=[one for one in remarks if not one["wrong"]],
    )  # fmt: skip


def _terms(policy: Policy) -> list[Term]:
    names = [one.name for one in fields(Policy)]
    return [Term(name, say(policy, name), getattr(policy, name) == getattr(DEFAULTS, name)) for name in names]


def _commit(row: Repository, version: PolicyVersion | None) -> Commit | None:
    if version is None:
        return None
    url = f"{row.url}/commit/{version.commit_sha}" if version.commit_sha else row.url
    return Commit(version.commit_sha, url, version.read_at)


@dataclass(frozen=True)
class PublicPolicy:
    """What a project's page says of a repository's file: only what differs from the defaults."""

    full_name: str
    terms: list[tuple[str, str]]
    commit: Commit | None


def public_policies(session: Session, rows: Sequence[Repository]) -> list[PublicPolicy]:
    """Of the repositories whose file says something; one query, none where there is no file."""
    told = [row for row in rows if row.policy]
    versions = _versions(session, told) if told else {}
    return [
        PublicPolicy(
            row.full_name, [(key, after) for key, _, after in changes(DEFAULTS, row.policy_now)],
            _commit(row, versions.get(row.policy_id)),
        )
        for row in told
    ]  # fmt: skip
