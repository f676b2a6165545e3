"""What a merged pull request or a pushed commit says it reverts, with what the forge knows about the commits it names.

Called before a transaction: hashes that we don't know are asked for, since a rebase gives commits new ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select

from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ports import forge
from bountyhub.ports.forge import CommitInfo, PullRequestInfo, TakenBack
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim, ClaimState, Revert
from bountyhub.work.operations.reverts import Reverting
from bountyhub.work.rules_reverts import SHORTEST_SHA


def of_pull(pull: PullRequestInfo) -> Reverting | None:
    """What a pull request takes back, or merges again; None while it isn't merged into a branch that pays."""
    if not pull.merged:
        return None
    with reading() as session:
        repository = projects.repository_by_forge_id(session, pull.repository)
        if repository is None or not projects.pays(session, repository, pull.base, is_default=pull.base_is_default):
            return None
    again = _reverted_tasks(repository, pull)
    if not again and not (pull.takes_back and _has_claims(repository)):
        return None
    shas, pulls, titles = _named(repository, pull.takes_back)
    return Reverting(
        repository_id=repository.id, url=pull.url, title=pull.title, at=pull.merged_at or clock.now(),
        shas=tuple(sha for sha in (pull.merge_sha, *(commit.sha for commit in pull.commits)) if sha),
        pull_number=pull.number, named_shas=shas, named_pulls=pulls - {pull.number}, named_titles=titles,
        again=again, author=pull.author.id,
    )  # fmt: skip


def of_commit(repository: Repository, commit: CommitInfo) -> Reverting:
    """What a commit that came onto a branch without a pull request takes back."""
    shas, pulls, titles = _named(repository, commit.takes_back)
    return Reverting(
        repository_id=repository.id, url=commit.url, title=commit.message.partition("\n")[0],
        at=commit.at or clock.now(), shas=(commit.sha,), named_shas=shas, named_pulls=pulls, named_titles=titles,
    )  # fmt: skip


def waiting(said: Reverting) -> list[int]:
    """Numbers of the named pull requests whose merge we haven't heard of yet."""
    query = select(Claim.pull_number).where(Claim.repository_id == said.repository_id)
    query = query.where(Claim.state == ClaimState.LINKED, Claim.pull_number.in_(said.named_pulls))
    with reading() as session:
        return sorted(set(session.scalars(query)))


def _named(repository: Repository, said: Sequence[TakenBack]) -> tuple[frozenset[str], frozenset[int], frozenset[str]]:
    shas = frozenset(one.sha for one in said if len(one.sha) >= SHORTEST_SHA)
    pulls = {one.pull for one in said if one.pull}
    pulls |= {number for sha in sorted(shas) for number in forge().pulls_of_commit(repository.forge_id, sha)}
    return shas, frozenset(pulls), frozenset(one.title for one in said if one.title)


def _has_claims(repository: Repository) -> bool:
    with reading() as session:
        return bool(session.scalar(select(exists().where(Claim.repository_id == repository.id))))


def _reverted_tasks(repository: Repository, pull: PullRequestInfo) -> frozenset[int]:
    """Tasks whose change was reverted and whose issues this closes (again)."""
    found: set[int] = set()
    with reading() as session:
        for reference, _ in pull.closes:
            query = (
                select(Task.id)
                .join(Repository, Repository.id == Task.repository_id)
                .join(Claim, Claim.task_id == Task.id)
                .join(Revert, Revert.claim_id == Claim.id)
                .where(Repository.forge_id == reference.repository, Task.issue_number == reference.number)
                .where(Claim.repository_id == repository.id)
            )
            found |= set(session.scalars(query))
    return frozenset(found)
