"""Branches whose merges pay, how far they were looked through, and reverts of what was merged there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "project",
        sa.Column(
            "branches", Json, nullable=False, server_default="[]",
            comment="branches besides each default one whose merges pay",
        ),
    )  # fmt: skip
    op.create_table(
        "branch_head",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False, comment="the last commit that was looked at"),
        sa.Column("read_at", UtcDateTime(), nullable=False, comment="business time"),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name="fk_branch_head_repository_id_repository"),
        sa.PrimaryKeyConstraint("id", name="pk_branch_head"),
        sa.UniqueConstraint("repository_id", "branch", name="uq_branch_head_repository_id_branch"),
    )
    _claims()
    op.create_table(
        "revert",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column(
            "of_id", BigInt, nullable=False, comment="the revert that it takes back; 0 for the claim's own change"
        ),
        sa.Column("pull_number", BigInt, nullable=True, comment="of a pull request; none for a pushed commit"),
        sa.Column(
            "title", sa.String(length=500), nullable=False, comment="of the pull request, or the commit's first line"
        ),
        sa.Column("url", sa.String(length=300), nullable=False, comment="where everybody can see it"),
        sa.Column("shas", Json, nullable=False, comment="the commits by which another one may take it back"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was merged or committed, as the forge says"),
        sa.Column("noted_at", UtcDateTime(), nullable=False, comment="business time"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_revert_claim_id_claim"),
        sa.PrimaryKeyConstraint("id", name="pk_revert"),
        sa.UniqueConstraint("claim_id", "of_id", "url", name="uq_revert_claim_id_of_id_url"),
    )
    op.create_index("ix_revert_claim_id", "revert", ["claim_id"])


def _claims() -> None:
    op.add_column(
        "claim",
        sa.Column(
            "merge_shas", Json, nullable=False, server_default="[]",
            comment="by which a revert may name it: the merge, then its commits",
        ),
    )  # fmt: skip
    op.add_column(
        "claim",
        sa.Column(
            "reverted_url", sa.String(length=300), nullable=False, server_default="",
            comment="where the change was reverted; empty while it stands",
        ),
    )  # fmt: skip
    op.add_column(
        "claim",
        sa.Column(
            "restarted_at", UtcDateTime(), nullable=True,
            comment="when its window began anew after a revert was taken back, which happens once",
        ),
    )  # fmt: skip
    op.add_column(
        "objection",
        sa.Column(
            "by_revert", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="nobody's: the change was reverted",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_revert_claim_id", "revert")
    op.drop_table("revert")
    op.drop_column("objection", "by_revert")
    op.drop_column("claim", "restarted_at")
    op.drop_column("claim", "reverted_url")
    op.drop_column("claim", "merge_shas")
    op.drop_table("branch_head")
    op.drop_column("project", "branches")
