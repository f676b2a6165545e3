"""Tables of work: claims, objections and decisions about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Identity, Person
from bountyhub.ports.forge import LinkSource
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task


class ClaimState(StrEnum):
    LINKED = "linked"
    UNLINKED = "unlinked"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    LATE = "late"
    CHOICE = "choice"
    WINDOW = "window"
    BLOCKED = "blocked"
    WARRANTY = "warranty"
    RELEASED = "released"
    REFUSED = "refused"
    UNDONE = "undone"


class Claim(Base):
    """A pull request standing for a task's reward."""

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("task_id", "pull_forge_id"),
        Index("ix_claim_repository_number", "repository_id", "pull_number"),
        Index("ix_claim_state_until", "state", "until"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    #: Random name in ledger keys.
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id))
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    pull_forge_id: Mapped[int] = mapped_column(BigInt)
    pull_number: Mapped[int] = mapped_column(BigInt)
    title: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int] = mapped_column(ForeignKey(Identity.id), index=True)
    source: Mapped[LinkSource] = mapped_column(words(LinkSource))
    state: Mapped[ClaimState] = mapped_column(words(ClaimState))
    draft: Mapped[bool]
    base: Mapped[str] = mapped_column(String(200))
    #: Whether `base` is a branch whose merges count.
    base_counts: Mapped[bool]
    head_sha: Mapped[str] = mapped_column(String(64))
    #: How many others have a part: authors of commits or trailers besides the pull request's author.
    co_authors: Mapped[int] = mapped_column(default=0)
    #: Forge ids of those the forge knows: they are on the author side.
    co_author_ids: Mapped[list[int]] = mapped_column(Json)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    split: Mapped[dict[str, int]] = mapped_column(
        Json, default=dict, server_default="{}",
        comment="forge accounts by id with their whole percentages, as the author said; empty: all is the author's",
    )  # fmt: skip
    split_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the author last said it, business time"
    )
    uncounted: Mapped[str] = mapped_column(
        String(20), default="", server_default="",
        comment="why it counts for nothing before its merge: too_many or no_attempt; empty where it counts",
    )  # fmt: skip
    #: A decider cut the link: the same words in the pull request don't bring it back.
    cut_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the forge confirmed the first check run that shows this link.
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: From then on one may be there that we don't know of.
    check_tried: Mapped[str] = mapped_column(
        String(64), default="", server_default="", comment="the head on which a check run was first to be made"
    )
    check_run_id: Mapped[int | None] = mapped_column(BigInt)
    check_sha: Mapped[str] = mapped_column(String(64), default="")
    check_digest: Mapped[str] = mapped_column(String(64), default="")
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The commits by which a revert may name the change: the one the merge made, then those of the pull request.
    merge_shas: Mapped[list[str]] = mapped_column(
        Json, default=list, server_default="[]", comment="by which a revert may name it: the merge, then its commits"
    )
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey(Identity.id))
    #: Merged or approved by a maintainer not on the author side; None before the merge.
    independent: Mapped[bool | None]
    #: End of the window, of the wait for a late claim's confirmation, or of a block, by `state`.
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: End of the window as it began: a block that is lifted goes back to it.
    window_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Where the change was reverted; empty while it stands.
    reverted_url: Mapped[str] = mapped_column(
        String(300), default="", server_default="", comment="where the change was reverted; empty while it stands"
    )
    #: A reverted change was merged again and its window began anew, which happens once.
    restarted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when its window began anew after a revert was taken back, which happens once"
    )
    #: Minor units held for the task at the merge: what a third is counted of.
    held_at_merge: Mapped[int] = mapped_column(BigInt, default=0)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ObjectionState(StrEnum):
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    OVERRULED = "overruled"


class Objection(Base):
    """Somebody entitled says, in a window, that the merge does not deliver the task; public with its reason."""

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_state_until", "state", "until"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey(Claim.id), index=True)
    #: Who: a signed-in backer, or a decider known by forge identity alone.
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey(Identity.id))
    #: A decider's objection blocks the whole; a backer's sets their own part aside.
    by_decider: Mapped[bool]
    #: Nobody's: the change was reverted, which counts as a decider's.
    by_revert: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="nobody's: the change was reverted"
    )
    reason: Mapped[str] = mapped_column(String(1000))
    state: Mapped[ObjectionState] = mapped_column(words(ObjectionState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: After this the facts decide.
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who settled it and why; `facts` when time did.
    settled_by: Mapped[str] = mapped_column(String(100), default="")
    settled_reason: Mapped[str] = mapped_column(String(1000), default="")


class Revert(Base):
    """A merged pull request, or a commit pushed to a branch that pays, that takes a claim's change back.

    Or one that takes such a revert back (`of_id`), or that one, and so on.
    """

    __tablename__ = "revert"
    __table_args__ = (UniqueConstraint("claim_id", "of_id", "url"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey(Claim.id), index=True)
    of_id: Mapped[int] = mapped_column(BigInt, comment="the revert that it takes back; 0 for the claim's own change")
    pull_number: Mapped[int | None] = mapped_column(BigInt, comment="of a pull request; none for a pushed commit")
    title: Mapped[str] = mapped_column(String(500), comment="of the pull request, or the commit's first line")
    url: Mapped[str] = mapped_column(String(300), comment="where everybody can see it")
    shas: Mapped[list[str]] = mapped_column(Json, comment="the commits by which another one may take it back")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when it was merged or committed, as the forge says")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")


class SetAside(Base):
    """A contribution whose part an open objection keeps out of the release."""

    __tablename__ = "objection_part"
    __table_args__ = (UniqueConstraint("objection_id", "contribution_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey(Objection.id))
    contribution_id: Mapped[int] = mapped_column(ForeignKey(Contribution.id), index=True)


class Release(Base):
    """Shares of a claim becoming payable: one row per booking."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey(Claim.id), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))


class UndoState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    #: Nobody confirmed it in its seven days.
    LAPSED = "lapsed"


_STANDS = text("state = 'proposed'")


class Undo(Base):
    """One operator's proposal to undo a claim's release; it is undone once another one confirms it."""

    __tablename__ = "release_undo"
    __table_args__ = (
        Index("uq_release_undo_standing", "claim_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey(Claim.id), index=True, comment="whose release")
    state: Mapped[UndoState] = mapped_column(
        words(UndoState), comment="proposed, confirmed, withdrawn or lapsed; one proposed at a time"
    )
    reason: Mapped[str] = mapped_column(String(1000), comment="why; public once it is confirmed")
    proposed_by: Mapped[int] = mapped_column(ForeignKey(Person.id), comment="the operator who proposed it")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    until: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time at which it lapses")
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id), comment="the other operator")
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when it was confirmed, withdrawn or found lapsed"
    )


class Removed(StrEnum):
    """By whom the status comment was deleted, as far as anybody told us."""

    NO = "no"
    BY_MAINTAINER = "by_maintainer"
    BY_SOMEBODY = "by_somebody"


class LabelState(StrEnum):
    """Whose the label of a funded issue is."""

    NONE = "none"
    OURS = "ours"
    THEIRS = "theirs"
    TAKEN_OFF = "taken_off"


class StatusComment(Base):
    """The bot's one comment on an issue, whichever rounds it goes through: where it is, and whether it may be written.

    Asked for before it is posted (`tried_at`), known by its marker afterwards.
    """

    __tablename__ = "status_comment"
    __table_args__ = (UniqueConstraint("repository_id", "issue_number"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    issue_number: Mapped[int] = mapped_column(BigInt)
    comment_id: Mapped[int | None] = mapped_column(BigInt, comment="the forge's; none while not known to be there")
    digest: Mapped[str] = mapped_column(String(64), default="", comment="of what it says now")
    #: From then on one may be there that we don't know of.
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when first to be posted, protocol time")
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when last written, protocol time")
    looked_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when last asked whether hidden, protocol time"
    )
    hidden: Mapped[bool] = mapped_column(default=False, comment="somebody minimised it: edited once a day at most")
    removed: Mapped[Removed] = mapped_column(words(Removed), default=Removed.NO, comment="deleted: not posted again")
    locked: Mapped[bool] = mapped_column(default=False, comment="the conversation is locked, as last read")
    #: Nothing is tried until the issue or repository is read as writable.
    refused: Mapped[str] = mapped_column(String(60), default="", comment="the forge's code of a refused write")
    label: Mapped[LabelState] = mapped_column(words(LabelState), default=LabelState.NONE, comment="whose the label is")
