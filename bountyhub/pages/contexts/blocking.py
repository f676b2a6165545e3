"""Who is blocked from a project, by whom and why, for its maintainers; and what was lifted lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bountyhub.people.models import Identity, Person
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Block

PAGE = 50
#: So many lifted blocks are named.
MOST_LIFTED = 20
NAMELESS = "somebody who left"


@dataclass(frozen=True)
class BlockRow:
    """One block; `unblock_url` while it stands, `lifted_at` and `lifted_by` afterwards."""

    login: str
    reason: str
    at: datetime
    by: str
    unblock_url: str
    lifted_at: datetime | None
    lifted_by: str


@dataclass(frozen=True)
class PeoplePage:
    """Blocks that stand, newest first, a page of them; the newest lifted ones."""

    name: str
    url: str
    rows: list[BlockRow]
    next_url: str | None
    lifted: list[BlockRow]


def people_page(session: Session, project_id: int, after: int) -> PeoplePage:
    """The page; `after` is the last block seen, 0 for the first page. Raises NotFound. Three queries."""
    project, url = projects.project(session, project_id), f"/projects/{project_id}"
    made, lifted = aliased(Person), aliased(Person)
    query = (
        select(Block, Identity.login, made.name, lifted.name)
        .join(Identity, Identity.id == Block.identity_id)
        .join(made, made.id == Block.made_by_id)
        .outerjoin(lifted, lifted.id == Block.lifted_by_id)
        .where(Block.project_id == project_id)
    )
    standing = query.where(Block.lifted_at.is_(None)).order_by(Block.id.desc()).limit(PAGE + 1)
    found = session.execute(standing.where(Block.id < after) if after else standing).all()
    over = query.where(Block.lifted_at.is_not(None)).order_by(Block.lifted_at.desc(), Block.id.desc())
    shown = found[:PAGE]
    return PeoplePage(
        name=project.name, url=url, rows=[_row(url, *row) for row in shown],
        next_url=f"{url}/people?after={shown[-1][0].id}" if len(found) > PAGE else None,
        lifted=[_row(url, *row) for row in session.execute(over.limit(MOST_LIFTED))],
    )  # fmt: skip


def _row(url: str, block: Block, login: str, by: str, lifted_by: str | None) -> BlockRow:
    return BlockRow(
        login=login, reason=block.reason, at=block.made_at, by=by or NAMELESS,
        unblock_url=f"{url}/people/{block.id}/unblock", lifted_at=block.lifted_at, lifted_by=lifted_by or NAMELESS,
    )  # fmt: skip
