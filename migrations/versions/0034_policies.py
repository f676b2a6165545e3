"""Policy files: every version that was read, the one in force for each repository, and the one money came under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column(
            "commit_sha", sa.String(length=64), nullable=False,
            comment="the last commit on the default branch that touched it; empty where none did any more",
        ),
        sa.Column("text", sa.Text(), nullable=True, comment="what the file says; none where that commit deleted it"),
        sa.Column(
            "terms", Json, nullable=True,
            comment="what it says that differs from the defaults; none where it has a mistake",
        ),
        sa.Column(
            "remarks", Json, nullable=False, comment="mistakes and warnings: line (0: none), key, text, wrong"
        ),
        sa.Column("deciders", Json, nullable=False, comment="forge id and login of each decider it names"),
        sa.Column("read_at", UtcDateTime, nullable=False, comment="business time"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name="fk_policy_version_repository_id_repository"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_version"),
    )  # fmt: skip
    op.create_index("ix_policy_version_repository_id", "policy_version", ["repository_id"])
    op.create_table(
        "policy_decider",
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("forge_id", BigInt, nullable=False, autoincrement=False),
        sa.Column("login", sa.String(length=100), nullable=False, comment="as the file names them"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name="fk_policy_decider_repository_id_repository"
        ),
        sa.PrimaryKeyConstraint("repository_id", "forge_id", name="pk_policy_decider"),
    )
    op.create_table(
        "policy_check",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("pull_number", BigInt, nullable=False),
        sa.Column(
            "tried_sha", sa.String(length=64), nullable=False, comment="the head on which one was first to be made"
        ),
        sa.Column("head_sha", sa.String(length=64), nullable=False, comment="the head it stands on; empty before"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of what it says there"),
        sa.Column("check_run_id", BigInt, nullable=True, comment="the forge's"),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name="fk_policy_check_repository_id_repository"),
        sa.PrimaryKeyConstraint("id", name="pk_policy_check"),
        sa.UniqueConstraint("repository_id", "pull_number", name="uq_policy_check_repository_id_pull_number"),
    )  # fmt: skip
    op.add_column(
        "repository",
        sa.Column(
            "policy", Json, nullable=False, server_default="{}",
            comment="what its policy file says that differs from the defaults",
        ),
    )  # fmt: skip
    op.add_column(
        "repository",
        sa.Column(
            "policy_id", BigInt, nullable=True,
            comment="the version of its policy file in force; none while the defaults are",
        ),
    )  # fmt: skip
    op.add_column(
        "repository",
        sa.Column(
            "policy_read_id", BigInt, nullable=True,
            comment="the version read last: another one where it has a mistake; none while there never was a file",
        ),
    )  # fmt: skip
    op.add_column(
        "contribution",
        sa.Column(
            "policy_id", BigInt, nullable=True,
            comment="the version of the policy file in force when its money came; none where there was none",
        ),
    )  # fmt: skip
    op.add_column(
        "contribution",
        sa.Column(
            "window_days", sa.Integer(), nullable=False, server_default="7",
            comment="days of a window, as that version says; never changed afterwards",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("contribution", "window_days")
    op.drop_column("contribution", "policy_id")
    op.drop_column("repository", "policy_read_id")
    op.drop_column("repository", "policy_id")
    op.drop_column("repository", "policy")
    op.drop_table("policy_check")
    op.drop_table("policy_decider")
    op.drop_index("ix_policy_version_repository_id", "policy_version")
    op.drop_table("policy_version")
