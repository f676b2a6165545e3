"""Shares that are sent on to a project or a charity; and webhooks of accounts keep nothing about their owners."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INBOX = sa.table("inbox_event", sa.column("id"), sa.column("source"), sa.column("event"), sa.column("body"))
_KEPT = ("id", "object", "api_version", "created", "livemode", "type", "account")


def upgrade() -> None:
    op.add_column(
        "payee",
        sa.Column(
            "charity", sa.String(length=100), nullable=True,
            comment="its name on the operator's list; none for somebody who signs in",
        ),
    )  # fmt: skip
    op.create_table(
        "sent_on",
        sa.Column("share", sa.String(20), primary_key=True, comment="the share's random name"),
        sa.Column("name", sa.String(200), nullable=False, comment="a project or a charity, as it was called then"),
    )
    op.create_table(
        "share_redirect",
        sa.Column("share_id", BigInt, sa.ForeignKey("share.id"), primary_key=True, autoincrement=False,
                  comment="which share"),
        sa.Column("payee_id", BigInt, sa.ForeignKey("payee.id"), nullable=False, comment="to whom it goes"),
        sa.Column("name", sa.String(200), nullable=False, comment="what they were called then: a project or a charity"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="business time"),
    )  # fmt: skip
    op.create_index("ix_share_redirect_payee_id", "share_redirect", ["payee_id"])
    op.create_table(
        "project_payee",
        sa.Column("project_id", BigInt, sa.ForeignKey("project.id"), primary_key=True, autoincrement=False,
                  comment="which project"),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False, comment="whose account"),
        sa.Column("named_at", UtcDateTime(), nullable=False, comment="business time"),
    )  # fmt: skip
    _redact()


def _redact() -> None:
    """Of the webhooks of connected accounts that are stored: only what leads back to the object."""
    bind = op.get_bind()
    of_accounts = sa.or_(*(_INBOX.c.event.like(f"{kind}.%") for kind in ("account", "capability", "payout", "person")))
    rows = bind.execute(sa.select(_INBOX.c.id, _INBOX.c.body).where(_INBOX.c.source == "stripe", of_accounts)).all()
    for id, body in rows:
        bind.execute(_INBOX.update().where(_INBOX.c.id == id).values(body=_shell(body)))


def _shell(body: str) -> str:
    event = json.loads(body)
    if not (event.get("account") or event["type"].startswith(("account.", "capability.", "person."))):
        return body
    about = event["data"]["object"]
    named = {name: about[name] for name in ("id", "object") if name in about}
    if reference := (about.get("metadata") or {}).get("reference"):
        named["metadata"] = {"reference": reference}
    shell = {name: event[name] for name in _KEPT if name in event}
    return json.dumps(shell | {"data": {"object": named}}, separators=(",", ":"))


def downgrade() -> None:
    op.drop_table("project_payee")
    op.drop_index("ix_share_redirect_payee_id", "share_redirect")
    op.drop_table("share_redirect")
    op.drop_table("sent_on")
    op.drop_column("payee", "charity")
