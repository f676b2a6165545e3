"""Papers that are never changed, what a contribution says of its buyer and of the tax, and what was agreed to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _columns():
        op.add_column("contribution", column)
    op.create_table(
        "buyer",
        sa.Column("contribution_id", BigInt, nullable=False, comment="whose papers"),
        sa.Column("name", sa.String(200), nullable=False,
                  comment="of the company or person, as it shall be printed"),
        sa.Column("address", sa.String(500), nullable=False, comment="as typed, with its lines"),
        sa.Column("vat_id", sa.String(20), nullable=False, comment="well-formed, without spaces; empty for none"),
        sa.Column("reference", sa.String(100), nullable=False, comment="the buyer's own, e.g. an order number"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"],
                                name="fk_buyer_contribution_id_contribution"),
        sa.PrimaryKeyConstraint("contribution_id", name="pk_buyer"),
    )  # fmt: skip
    op.create_table(
        "agreed_text",
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256 of the text, hex"),
        sa.Column("version", sa.String(20), nullable=False, comment="of the terms in it"),
        sa.Column("text", sa.Text, nullable=False, comment="the consent as shown beside its box, then the terms"),
        sa.Column("first_at", UtcDateTime(), nullable=False, comment="when somebody first agreed to it"),
        sa.PrimaryKeyConstraint("hash", name="pk_agreed_text"),
    )

    _create_papers()
    for statement in _guards():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    # A table takes its triggers with it on both engines.
    for table in ("built", "paper_counter", "paper"):
        op.drop_table(table)
    if _on_postgresql():
        op.get_bind().exec_driver_sql("DROP FUNCTION paper_next()")
    op.drop_table("agreed_text")
    op.drop_table("buyer")
    for column in reversed(_columns()):
        op.drop_column("contribution", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("vat", BigInt, nullable=False, server_default="0", comment="tax on the fee, minor units"),
        sa.Column(
            "vat_country", sa.String(2), nullable=False, server_default="",
            comment="whose tax it is, or who else owes it (reverse charge)",
        ),
        sa.Column("vat_rate", sa.Integer, nullable=False, server_default="0", comment="in hundredths of a percent"),
        sa.Column(
            "business", sa.Boolean, nullable=False, server_default=sa.false(),
            comment="bought as a business: no 14 days to take it back",
        ),
        sa.Column("consent_at", UtcDateTime(), comment="when the backer agreed"),
        sa.Column(
            "consent_hash", sa.String(64), nullable=False, server_default="",
            comment="SHA-256 of what they agreed to, word by word",
        ),
    ]  # fmt: skip


def _create_papers() -> None:
    op.create_table(
        "paper",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(20), nullable=False, comment="random: its name in addresses"),
        sa.Column("kind", sa.String(30), nullable=False, comment="which paper it is"),
        sa.Column("series", sa.CHAR(1), nullable=False, comment="R receipts, C credit notes, S statements"),
        sa.Column("year", sa.Integer, nullable=False, comment="of its issue, UTC"),
        sa.Column("number", BigInt, nullable=False, comment="from 1 in each series and year, without gaps"),
        sa.Column("contribution_id", BigInt, nullable=False, comment="whose money it is about"),
        sa.Column("entry_id", BigInt, nullable=False, comment="the entry of the books that it tells of"),
        sa.Column("issued_at", UtcDateTime(), nullable=False, comment="business time"),
        sa.Column("content", Json, nullable=False, comment="every text and amount on it; see funding/papers"),
        sa.Column("hash", sa.CHAR(64), nullable=False, comment="SHA-256 of the content's canonical JSON, hex"),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("ref", name="uq_paper_ref"),
        sa.UniqueConstraint("series", "year", "number", name="uq_paper_series_year_number"),
        sa.UniqueConstraint("entry_id", "contribution_id", "kind", name="uq_paper_entry_id_contribution_id_kind"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name="fk_paper_contribution_id_contribution"),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name="fk_paper_entry_id_ledger_entry"),
    )
    op.create_index("ix_paper_contribution_id", "paper", ["contribution_id"])
    op.create_table(
        "paper_counter",
        sa.Column("series", sa.CHAR(1), nullable=False, comment="as in paper"),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False, comment="as in paper"),
        sa.Column("last", BigInt, nullable=False, comment="the number that was taken last"),
        sa.PrimaryKeyConstraint("series", "year", name="pk_paper_counter"),
    )
    op.create_table(
        "built",
        sa.Column("share", sa.String(20), nullable=False, comment="the share's random name"),
        sa.Column("pull_number", BigInt, nullable=False, comment="of the pull request, in its repository"),
        sa.Column("pull_url", sa.String(300), nullable=False, comment="its address at the forge"),
        sa.Column("merged_at", UtcDateTime(), comment="the forge's time of the merge"),
        sa.PrimaryKeyConstraint("share", name="pk_built"),
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


APPEND_ONLY = ("paper", "agreed_text")
NEXT = "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM {table} WHERE series = NEW.series AND year = NEW.year)"
REFUSED = "paper guard: a paper has the number after the last one of its series and year"
REPLACED = {
    "paper": "EXISTS (SELECT 1 FROM paper WHERE id = NEW.id OR ref = NEW.ref "
    "OR (series = NEW.series AND year = NEW.year AND number = NEW.number) "
    "OR (entry_id = NEW.entry_id AND contribution_id = NEW.contribution_id AND kind = NEW.kind))",
    "agreed_text": "EXISTS (SELECT 1 FROM agreed_text WHERE hash = NEW.hash)",
}


def _guards() -> list[str]:
    """Numbers follow each other, and nothing that was issued or agreed to is changed, replaced or taken away."""
    if not _on_postgresql():
        return [
            _sqlite("paper_next", "INSERT ON paper", REFUSED, NEXT.format(table="paper")),
            *(
                _sqlite(f"{table}_no_{verb.lower()}", f"{verb} ON {table}", f"paper guard: {table} is append-only")
                for table in APPEND_ONLY
                for verb in ("UPDATE", "DELETE")
            ),
            *(
                _sqlite(f"{table}_no_replace", f"INSERT ON {table}", f"paper guard: {table} is append-only",
                        same)
                for table, same in REPLACED.items()
            ),
        ]  # fmt: skip
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    return [
        f"""CREATE FUNCTION paper_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {NEXT.format(table=f"{schema}.paper")} THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{REFUSED}';
        END IF;
        RETURN NEW;
    END $$""",
        f"ALTER FUNCTION paper_next() SET search_path = pg_catalog, {schema}, pg_temp",
        "CREATE TRIGGER paper_next BEFORE INSERT ON paper FOR EACH ROW EXECUTE FUNCTION paper_next()",
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
            for table in APPEND_ONLY
        ),
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION ledger_append_only()"
            for table in APPEND_ONLY
        ),
    ]


def _sqlite(name: str, when: str, message: str, condition: str = "1") -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{message}') WHERE {condition}; END"
