"""Tables of projects: repositories are known by the forge's numeric id and survive rename and transfer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit import clock
from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Identity, Person
from bountyhub.ports.forge import Permission
from bountyhub.projects.rules import Pause, pause_now
from bountyhub.projects.rules_policy import Policy, from_json


class Installation(Base):
    """The App on one account; gone when `removed_at` is set, silent while `suspended_at` is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    forge_id: Mapped[int] = mapped_column(BigInt, unique=True)
    account: Mapped[str] = mapped_column(String(100))
    account_forge_id: Mapped[int] = mapped_column(BigInt)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    missing: Mapped[list[str]] = mapped_column(
        Json, server_default="[]", default=list,
        comment="permissions the App needs and wasn't given here, as the forge words them (checks:write)",
    )  # fmt: skip


class ForgeApp(Base):
    """An App that an operator made from here; a row without a number is one whose secrets never arrived."""

    __tablename__ = "forge_app"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    state_digest: Mapped[str] = mapped_column(
        String(64), unique=True, comment="digest of the state that came back from the forge: each is good for once"
    )
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), comment="the operator who asked")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when its code came back, protocol time")
    forge_id: Mapped[int | None] = mapped_column(
        BigInt, comment="the App's number; none while (or because) nothing was learned"
    )
    slug: Mapped[str] = mapped_column(String(100), server_default="", default="", comment="its name in addresses")


class Project(Base):
    """A piece of free software: one or more repositories, one currency."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(500), default="")
    #: SPDX identifier, empty where the forge names none.
    licence: Mapped[str] = mapped_column(String(60), default="")
    #: Fixed while any of its tasks holds or awaits money.
    currency: Mapped[str] = mapped_column(String(3))
    branches: Mapped[list[str]] = mapped_column(
        Json, default=list, server_default="[]", comment="branches besides each default one whose merges pay"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    label_funded: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="whether the bot puts a label on funded issues"
    )
    languages: Mapped[str] = mapped_column(
        String(20), default="en", server_default="en",
        comment="what the bot speaks there, one under the other: codes with commas",
    )  # fmt: skip
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="business time; none while it isn't paused")
    paused_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when it goes on by itself, business time; none: when a decider says so"
    )
    pause_reason: Mapped[str] = mapped_column(String(500), default="", server_default="", comment="public")

    @property
    def pause(self) -> Pause | None:
        """Its pause, while there is one."""
        return pause_now(self.paused_at, self.paused_until, self.pause_reason, clock.now())


class Repository(Base):
    """One repository of a project. Without an installation its tasks are wanted and take no money."""

    __tablename__ = "repository"
    __table_args__ = (UniqueConstraint("forge", "forge_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    forge: Mapped[str] = mapped_column(String(20))
    forge_id: Mapped[int] = mapped_column(BigInt)
    owner: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(300))
    default_branch: Mapped[str] = mapped_column(String(200))
    private: Mapped[bool]
    archived: Mapped[bool]
    installation_id: Mapped[int | None] = mapped_column(ForeignKey("installation.id"), index=True)
    #: When it was made at the forge; None while it wasn't read since this is kept.
    forge_created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    policy: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, server_default="{}", comment="what its policy file says that differs from the defaults"
    )
    policy_id: Mapped[int | None] = mapped_column(
        BigInt, comment="the version of its policy file in force; none while the defaults are"
    )
    policy_read_id: Mapped[int | None] = mapped_column(
        BigInt, comment="the version read last: another one where it has a mistake; none while there never was a file"
    )

    @property
    def full_name(self) -> str:
        """`owner/name`, for showing."""
        return f"{self.owner}/{self.name}"

    @property
    def policy_now(self) -> Policy:
        """The policy in force."""
        return from_json(self.policy or {})  # a row that isn't written yet has none


class PolicyVersion(Base):
    """The policy file as one commit has it; never changed, for contributions name the one they came under."""

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id), index=True)
    commit_sha: Mapped[str] = mapped_column(
        String(64), comment="the last commit on the default branch that touched it; empty where none did any more"
    )
    text: Mapped[str | None] = mapped_column(Text, comment="what the file says; none where that commit deleted it")
    terms: Mapped[dict[str, Any] | None] = mapped_column(
        Json, comment="what it says that differs from the defaults; none where it has a mistake"
    )
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="mistakes and warnings: line (0: none), key, text, wrong"
    )
    deciders: Mapped[list[list[Any]]] = mapped_column(Json, comment="forge id and login of each decider it names")
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")

    @property
    def policy(self) -> Policy | None:
        """What it says; None where it has a mistake."""
        return None if self.terms is None else from_json(self.terms)


class PolicyDecider(Base):
    """Somebody whom the policy in force names a decider, by the forge's number."""

    __tablename__ = "policy_decider"

    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id), primary_key=True)
    forge_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    login: Mapped[str] = mapped_column(String(100), comment="as the file names them")


class PolicyCheck(Base):
    """The check run that says what merging a pull request would change in the policy file; one for each head."""

    __tablename__ = "policy_check"
    __table_args__ = (UniqueConstraint("repository_id", "pull_number"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    pull_number: Mapped[int] = mapped_column(BigInt)
    tried_sha: Mapped[str] = mapped_column(String(64), comment="the head on which one was first to be made")
    head_sha: Mapped[str] = mapped_column(String(64), comment="the head it stands on; empty before")
    digest: Mapped[str] = mapped_column(String(64), comment="of what it says there")
    check_run_id: Mapped[int | None] = mapped_column(BigInt, comment="the forge's")


class BranchHead(Base):
    """How far a branch was looked through for reverts; what was pushed since is read the next time."""

    __tablename__ = "branch_head"
    __table_args__ = (UniqueConstraint("repository_id", "branch"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey("repository.id"))
    branch: Mapped[str] = mapped_column(String(200))
    sha: Mapped[str] = mapped_column(String(64), comment="the last commit that was looked at")
    etag: Mapped[str] = mapped_column(
        String(200), default="", server_default="", comment="of the list of what came since"
    )
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")


class Role(Base):
    """What a person may do in a repository, as the forge last said: decides which buttons pages show.

    Every action asks the forge again; this row is refreshed by that answer.
    """

    __tablename__ = "repository_role"
    __table_args__ = (UniqueConstraint("repository_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey("repository.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    permission: Mapped[int]
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def level(self) -> Permission:
        """The permission as the forge's word."""
        return Permission(self.permission)


class ForgeReading(Base):
    """How often an object of the forge was recorded: a read begun before the last of them is made again."""

    __tablename__ = "forge_reading"

    #: Its kind and numbers, as `issue:1296269:12`.
    object: Mapped[str] = mapped_column(String(100), primary_key=True)
    times: Mapped[int] = mapped_column(BigInt)


class BotVerb(StrEnum):
    """What the bot can do at the forge where others see it."""

    COMMENT = "comment"
    EDIT = "edit"
    REPLY = "reply"
    REACTION = "reaction"
    CHECK_RUN = "check_run"
    LABEL = "label"
    UNLABEL = "unlabel"


class BotAction(Base):
    """One thing the bot did in a repository, with its reason: what its maintainers can look up. Names nobody."""

    __tablename__ = "bot_action"
    __table_args__ = (Index("ix_bot_action_repository", "repository_id", "number"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    number: Mapped[int] = mapped_column(BigInt, comment="of the issue or pull request")
    what: Mapped[BotVerb] = mapped_column(words(BotVerb), comment="what it did")
    why: Mapped[str] = mapped_column(String(200), comment="the reason; names nobody")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    forge_id: Mapped[int | None] = mapped_column(
        BigInt, comment="the comment or check run; none for what has no number"
    )


_STANDING = text("lifted_at IS NULL")


class Block(Base):
    """Somebody from whom a project's maintainers want nothing: a forge account, whatever it is called."""

    __tablename__ = "project_block"
    __table_args__ = (
        Index("uq_project_block_standing", "project_id", "identity_id", unique=True, sqlite_where=_STANDING,
              postgresql_where=_STANDING),
        Index("ix_project_block_identity_id", "identity_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    identity_id: Mapped[int] = mapped_column(ForeignKey(Identity.id), comment="who is blocked")
    reason: Mapped[str] = mapped_column(String(500), comment="read by them and by maintainers, nobody else")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="business time; none while it stands")
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
