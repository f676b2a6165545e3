"""Work, money going out and mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ["objection_part", "transfer", "release", "objection", "share", "claim", "payee", "outgoing_mail"]


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )
    op.create_table(
        "payee",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("account", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("requirements", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payee_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        sa.UniqueConstraint("account", name=op.f("uq_payee_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_payee_person_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_payee_ref")),
    )
    op.create_table(
        "claim",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("pull_forge_id", BigInt, nullable=False),
        sa.Column("pull_number", BigInt, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("author_id", BigInt, nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("base", sa.String(length=200), nullable=False),
        sa.Column("base_counts", sa.Boolean(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("co_authors", sa.Integer(), nullable=False),
        sa.Column("co_author_ids", Json, nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("cut_at", UtcDateTime(), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.Column("check_run_id", BigInt, nullable=True),
        sa.Column("check_sha", sa.String(length=64), nullable=False),
        sa.Column("check_digest", sa.String(length=64), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=True),
        sa.Column("merged_by_id", BigInt, nullable=True),
        sa.Column("independent", sa.Boolean(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("window_until", UtcDateTime(), nullable=True),
        sa.Column("held_at_merge", BigInt, nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_claim_author_id_identity")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["identity.id"], name=op.f("fk_claim_merged_by_id_identity")),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name=op.f("fk_claim_repository_id_repository")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_claim_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("ref", name=op.f("uq_claim_ref")),
        sa.UniqueConstraint("task_id", "pull_forge_id", name=op.f("uq_claim_task_id_pull_forge_id")),
    )
    op.create_index(op.f("ix_claim_author_id"), "claim", ["author_id"], unique=False)
    op.create_index("ix_claim_repository_number", "claim", ["repository_id", "pull_number"], unique=False)
    op.create_index("ix_claim_state_until", "claim", ["state", "until"], unique=False)
    op.create_table(
        "share",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("identity_id", BigInt, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_share_identity_id_identity")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_share_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("ref", name=op.f("uq_share_ref")),
    )
    op.create_index(op.f("ix_share_claim_id"), "share", ["claim_id"], unique=False)
    op.create_index("ix_share_identity_state", "share", ["identity_id", "state"], unique=False)
    op.create_index(op.f("ix_share_task_id"), "share", ["task_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("identity_id", BigInt, nullable=True),
        sa.Column("by_decider", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=100), nullable=False),
        sa.Column("settled_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_objection_claim_id_claim")),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_objection_identity_id_identity")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_claim_id"), "objection", ["claim_id"], unique=False)
    op.create_index("ix_objection_state_until", "objection", ["state", "until"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_release_claim_id_claim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("ref", name=op.f("uq_release_ref")),
    )
    op.create_index(op.f("ix_release_claim_id"), "release", ["claim_id"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("share_id", BigInt, nullable=False),
        sa.Column("contribution_id", BigInt, nullable=False),
        sa.Column("payee_id", BigInt, nullable=True),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("wait_reason", sa.String(length=30), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("processor_id", sa.String(length=120), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_transfer_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["payee.id"], name=op.f("fk_transfer_payee_id_payee")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_transfer_share_id_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("processor_id", name=op.f("uq_transfer_processor_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_transfer_ref")),
        sa.UniqueConstraint("share_id", "contribution_id", name=op.f("uq_transfer_share_id_contribution_id")),
    )
    op.create_index(op.f("ix_transfer_contribution_id"), "transfer", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_transfer_share_id"), "transfer", ["share_id"], unique=False)
    op.create_index("ix_transfer_state_not_before", "transfer", ["state", "not_before"], unique=False)
    op.create_table(
        "objection_part",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("objection_id", BigInt, nullable=False),
        sa.Column("contribution_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_objection_part_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_part_objection_id_objection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_part")),
        sa.UniqueConstraint(
            "objection_id", "contribution_id", name=op.f("uq_objection_part_objection_id_contribution_id")
        ),
    )
    op.create_index(op.f("ix_objection_part_contribution_id"), "objection_part", ["contribution_id"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
