"""Promises: cards saved for a task and charged when its work is accepted; a mailed link may be for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", BigInt, nullable=False),
        sa.Column(
            "ref",
            sa.String(length=20),
            nullable=False,
            comment="random: idempotency key of its page, and its name at the processor",
        ),
        sa.Column("task_id", BigInt, nullable=False, comment="the only task it is for"),
        sa.Column("person_id", BigInt, nullable=True, comment="none while its backer is known by e-mail only"),
        sa.Column("email", sa.String(length=254), nullable=False, comment="where its mails go, lower case"),
        sa.Column(
            "anonymous", sa.Boolean(), nullable=False, comment="whether the contribution it becomes shows no name"
        ),
        sa.Column("amount", BigInt, nullable=False, comment="of the contribution, minor units; never changed"),
        sa.Column("fee", BigInt, nullable=False, comment="on top, as agreed to; minor units"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="ISO 4217, the task's"),
        sa.Column("state", sa.String(length=30), nullable=False, comment="where it stands"),
        sa.Column("lapse_reason", sa.String(length=30), nullable=True, comment="why it lapsed"),
        sa.Column("nonce", sa.String(length=40), nullable=False, comment="the form's: sent twice, it is one promise"),
        sa.Column(
            "mandate_version", sa.String(length=20), nullable=False, comment="which wording its backer agreed to"
        ),
        sa.Column(
            "mandate", sa.String(length=500), nullable=False, comment="the words they agreed to, as they stood there"
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when they agreed"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="lapses then if nothing was accepted"),
        sa.Column("page_id", sa.String(length=120), nullable=True, comment="the page that saves the card"),
        sa.Column("page_url", sa.String(length=1000), nullable=True, comment="its address while it is open"),
        sa.Column("page_expires_at", UtcDateTime(), nullable=False, comment="protocol time at which it closes"),
        sa.Column("customer", sa.String(length=120), nullable=True, comment="the processor's name for its backer"),
        sa.Column("payment_method", sa.String(length=120), nullable=True, comment="the processor's name for the card"),
        sa.Column("card_label", sa.String(length=40), nullable=False, comment="how its backer knows the card"),
        sa.Column("card_kept", sa.Boolean(), nullable=False, comment="whether the processor still holds it for us"),
        sa.Column("given_at", UtcDateTime(), nullable=True, comment="when the card was saved"),
        sa.Column("charging_since", UtcDateTime(), nullable=True, comment="when the work was accepted"),
        sa.Column("until", UtcDateTime(), nullable=True, comment="lapses then unless it is charged"),
        sa.Column(
            "waits_for_float", sa.Boolean(), nullable=False, comment="own funds don't cover the cost of charging it now"
        ),
        sa.Column("called_at", UtcDateTime(), nullable=True, comment="protocol time of the first charge call"),
        sa.Column("contribution_id", BigInt, nullable=True, comment="what it became, from the first try to charge it"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it was charged, withdrawn or lapsed"),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name="fk_promise_contribution_id_contribution"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_promise_person_id_person"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_promise_task_id_task"),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.UniqueConstraint("contribution_id", name="uq_promise_contribution_id"),
        sa.UniqueConstraint("nonce", name="uq_promise_nonce"),
        sa.UniqueConstraint("page_id", name="uq_promise_page_id"),
        sa.UniqueConstraint("ref", name="uq_promise_ref"),
    )
    op.create_index("ix_promise_email", "promise", ["email"], unique=False)
    op.create_index("ix_promise_person_id", "promise", ["person_id"], unique=False)
    op.create_index("ix_promise_state_expires_at", "promise", ["state", "expires_at"], unique=False)
    op.create_index("ix_promise_task_id", "promise", ["task_id"], unique=False)
    op.add_column(
        "mail_link", sa.Column("promise_id", BigInt, nullable=True, comment="which promise it is for, if for one")
    )
    op.create_index("ix_mail_link_promise_id", "mail_link", ["promise_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_mail_link_promise_id", table_name="mail_link")
    op.drop_column("mail_link", "promise_id")
    op.execute("DELETE FROM mail_link WHERE purpose = 'promise'")
    for column in ("task_id", "state_expires_at", "person_id", "email"):
        op.drop_index(f"ix_promise_{column}", table_name="promise")
    op.drop_table("promise")
