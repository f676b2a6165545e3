"""Events, people and projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = [
    "repository_role",
    "repository",
    "login_session",
    "identity",
    "project",
    "person",
    "outbox_job",
    "moved_time",
    "mail_link",
    "installation",
    "inbox_event",
    "audit_event",
]


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=30), nullable=False),
        sa.Column("object_id", BigInt, nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_object", "audit_event", ["object_kind", "object_id"], unique=False)
    op.create_table(
        "inbox_event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("delivery_id", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_event")),
        sa.UniqueConstraint("source", "delivery_id", name=op.f("uq_inbox_event_source_delivery_id")),
    )
    op.create_table(
        "installation",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("forge_id", BigInt, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("account_forge_id", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("forge_id", name=op.f("uq_installation_forge_id")),
    )
    op.create_table(
        "mail_link",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("contribution_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_mail_link_secret_digest")),
    )
    op.create_index(op.f("ix_mail_link_contribution_id"), "mail_link", ["contribution_id"], unique=False)
    op.create_table(
        "moved_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seconds", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_time")),
    )
    op.create_table(
        "outbox_job",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("args", Json, nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_job")),
    )
    op.create_index(
        "ix_outbox_job_due",
        "outbox_job",
        ["run_at"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_outbox_job_key", "outbox_job", ["key"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("news_stopped_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "project",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_table(
        "identity",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("forge", sa.String(length=20), nullable=False),
        sa.Column("forge_id", BigInt, nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("forge", "forge_id", name=op.f("uq_identity_forge_forge_id")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("signed_in_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_login_session_secret_digest")),
    )
    op.create_index(op.f("ix_login_session_person_id"), "login_session", ["person_id"], unique=False)
    op.create_table(
        "repository",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("forge", sa.String(length=20), nullable=False),
        sa.Column("forge_id", BigInt, nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("default_branch", sa.String(length=200), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("installation_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_repository_installation_id_installation")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_repository_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository")),
        sa.UniqueConstraint("forge", "forge_id", name=op.f("uq_repository_forge_forge_id")),
    )
    op.create_index(op.f("ix_repository_installation_id"), "repository", ["installation_id"], unique=False)
    op.create_index(op.f("ix_repository_project_id"), "repository", ["project_id"], unique=False)
    op.create_table(
        "repository_role",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("permission", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_repository_role_person_id_person")),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name=op.f("fk_repository_role_repository_id_repository")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository_role")),
        sa.UniqueConstraint("repository_id", "person_id", name=op.f("uq_repository_role_repository_id_person_id")),
    )
    op.create_index(op.f("ix_repository_role_person_id"), "repository_role", ["person_id"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
