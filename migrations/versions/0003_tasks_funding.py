"""Tasks and money coming in and going back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ["refund", "payment", "task_revision", "task_interest", "contribution", "task"]


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("issue_forge_id", BigInt, nullable=False),
        sa.Column("issue_number", BigInt, nullable=False),
        sa.Column("issue_open", sa.Boolean(), nullable=False),
        sa.Column("issue_exists", sa.Boolean(), nullable=False),
        sa.Column("author_id", BigInt, nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("ends_reason", sa.String(length=30), nullable=True),
        sa.Column("ends_note", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigInt, nullable=True),
        sa.Column("opened_by", BigInt, nullable=True),
        sa.Column("comment_id", BigInt, nullable=True),
        sa.Column("comment_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_task_author_id_identity")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_task_created_by_person")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_task_opened_by_person")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_task_project_id_project")),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name=op.f("fk_task_repository_id_repository")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("repository_id", "issue_number", name=op.f("uq_task_repository_id_issue_number")),
    )
    op.create_index("ix_task_ends_at", "task", ["ends_at"], unique=False)
    op.create_index(op.f("ix_task_issue_forge_id"), "task", ["issue_forge_id"], unique=False)
    op.create_index(op.f("ix_task_project_id"), "task", ["project_id"], unique=False)
    op.create_index("ix_task_state_id", "task", ["state", "id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("fee", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=True),
        sa.Column("leave_by", UtcDateTime(), nullable=True),
        sa.Column("notice_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contribution_person_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_contribution_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("nonce", name=op.f("uq_contribution_nonce")),
        sa.UniqueConstraint("ref", name=op.f("uq_contribution_ref")),
    )
    op.create_index(op.f("ix_contribution_email"), "contribution", ["email"], unique=False)
    op.create_index("ix_contribution_notice_until", "contribution", ["notice_until"], unique=False)
    op.create_index(op.f("ix_contribution_person_id"), "contribution", ["person_id"], unique=False)
    op.create_index("ix_contribution_state_leave_by", "contribution", ["state", "leave_by"], unique=False)
    op.create_index(op.f("ix_contribution_task_id"), "contribution", ["task_id"], unique=False)
    op.create_table(
        "task_interest",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_interest_person_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_interest_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_interest")),
        sa.UniqueConstraint("task_id", "person_id", name=op.f("uq_task_interest_task_id_person_id")),
    )
    op.create_index(op.f("ix_task_interest_person_id"), "task_interest", ["person_id"], unique=False)
    op.create_table(
        "task_revision",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_revision_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_revision")),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_task_revision_task_id_number")),
    )
    op.create_table(
        "payment",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("contribution_id", BigInt, nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("checkout_id", sa.String(length=120), nullable=True),
        sa.Column("checkout_url", sa.String(length=1000), nullable=True),
        sa.Column("payment_intent", sa.String(length=120), nullable=True),
        sa.Column("charge", sa.String(length=120), nullable=True),
        sa.Column("received", BigInt, nullable=True),
        sa.Column("received_currency", sa.String(length=3), nullable=True),
        sa.Column("available_on", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_payment_contribution_id_contribution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("charge", name=op.f("uq_payment_charge")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_payment_checkout_id")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_payment_contribution_id")),
        sa.UniqueConstraint("payment_intent", name=op.f("uq_payment_payment_intent")),
        sa.UniqueConstraint("ref", name=op.f("uq_payment_ref")),
    )
    op.create_index("ix_payment_state_expires_at", "payment", ["state", "expires_at"], unique=False)
    op.create_table(
        "refund",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("contribution_id", BigInt, nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("processor_id", sa.String(length=120), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_refund_contribution_id_contribution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("processor_id", name=op.f("uq_refund_processor_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_refund_ref")),
    )
    op.create_index(op.f("ix_refund_contribution_id"), "refund", ["contribution_id"], unique=False)
    op.create_index("ix_refund_state_asked_at", "refund", ["state", "asked_at"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
