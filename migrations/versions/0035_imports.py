"""Imports of many issues, with what became of each; labels that are followed; tasks that their issues hear of later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

RUNS = sa.text("state IN ('listing', 'running')")


def upgrade() -> None:
    op.add_column(
        "task",
        sa.Column(
            "quiet", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="one of many: no comment before there is money or work",
        ),
    )  # fmt: skip
    op.execute("UPDATE task SET quiet = true WHERE state = 'wanted'")
    op.create_table(
        "issue_import",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False, comment="of the form: sent twice it is one import"),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("chosen", sa.String(length=30), nullable=False, comment="how its issues were chosen"),
        sa.Column("name", sa.String(length=300), nullable=False, comment="of the label or milestone, as it was then"),
        sa.Column("milestone", BigInt, nullable=False, comment="number of the milestone, else 0"),
        sa.Column("person_id", BigInt, nullable=True, comment="who began it; none once forgotten"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column(
            "more", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="more was open there than one import takes",
        ),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("ended_why", sa.String(length=200), nullable=False, comment="why it was stopped; names nobody"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_issue_import_project_id_project"),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name="fk_issue_import_repository_id_repository"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_issue_import_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_import"),
        sa.UniqueConstraint("nonce", name="uq_issue_import_nonce"),
    )  # fmt: skip
    op.create_index("ix_issue_import_project_id", "issue_import", ["project_id"], unique=False)
    op.create_index(
        "uq_issue_import_running", "issue_import", ["repository_id"], unique=True, sqlite_where=RUNS,
        postgresql_where=RUNS,
    )  # fmt: skip
    op.create_table(
        "import_item",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("import_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False, comment="of the issue"),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("task_id", BigInt, nullable=True, comment="made by it, or there already"),
        sa.Column("why", sa.String(length=200), nullable=False, comment="why it was left out"),
        sa.ForeignKeyConstraint(["import_id"], ["issue_import.id"], name="fk_import_item_import_id_issue_import"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_import_item_task_id_task"),
        sa.PrimaryKeyConstraint("id", name="pk_import_item"),
        sa.UniqueConstraint("import_id", "number", name="uq_import_item_import_id_number"),
    )
    op.create_table(
        "followed_label",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("label_forge_id", BigInt, nullable=False, comment="stays when the label is renamed"),
        sa.Column("name", sa.String(length=300), nullable=False, comment="what it was called when last heard of"),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name="fk_followed_label_repository_id_repository"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_followed_label"),
        sa.UniqueConstraint("repository_id", "label_forge_id", name="uq_followed_label_repository_id_label_forge_id"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("followed_label")
    op.drop_table("import_item")
    op.drop_table("issue_import")
    op.drop_column("task", "quiet")
