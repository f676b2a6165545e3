"""A new round of an issue is a new, linked task: one lives at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LIVES = sa.text("state NOT IN ('completed', 'cancelled')")
OLD = ", \n\tCONSTRAINT uq_task_repository_id_issue_number UNIQUE (repository_id, issue_number)"
NEW = ", \n\tCONSTRAINT fk_task_previous_id_task FOREIGN KEY(previous_id) REFERENCES task (id)"
COLUMN = "comment_digest VARCHAR(64) NOT NULL, \n\t"
ADDED = "previous_id INTEGER, \n\t"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild((OLD, NEW), (COLUMN, COLUMN + ADDED))
    else:
        op.drop_constraint("uq_task_repository_id_issue_number", "task", type_="unique")
        op.add_column("task", sa.Column("previous_id", BigInt, nullable=True))
        op.create_foreign_key("fk_task_previous_id_task", "task", "task", ["previous_id"], ["id"])
    op.create_index(
        "uq_task_living", "task", ["repository_id", "issue_number"], unique=True, sqlite_where=LIVES,
        postgresql_where=LIVES,
    )  # fmt: skip
    op.create_index("ix_task_repository_number", "task", ["repository_id", "issue_number"])
    op.create_index(op.f("ix_task_previous_id"), "task", ["previous_id"])


def downgrade() -> None:
    """Possible while no issue has a second round."""
    op.drop_index(op.f("ix_task_previous_id"), "task")
    op.drop_index("ix_task_repository_number", "task")
    op.drop_index("uq_task_living", "task")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild((NEW, OLD), (COLUMN + ADDED, COLUMN))
    else:
        op.drop_constraint("fk_task_previous_id_task", "task", type_="foreignkey")
        op.drop_column("task", "previous_id")
        op.create_unique_constraint("uq_task_repository_id_issue_number", "task", ["repository_id", "issue_number"])


def _rebuild(*changes: tuple[str, str]) -> None:
    """SQLite can't drop a constraint: the table is made anew with its rows, as SQLite's manual says.

    https://www.sqlite.org/lang_altertable.html#otheralter (env.py has switched the foreign keys off)
    """
    run = op.get_bind().exec_driver_sql
    find = "SELECT sql FROM sqlite_master WHERE tbl_name = 'task' AND type = '%s' AND sql IS NOT NULL"
    made = str(run(find % "table").scalar_one()).replace('CREATE TABLE "task"', "CREATE TABLE task")
    indexes = list(run(find % "index").scalars())
    columns = [str(row[1]) for row in run("PRAGMA table_info(task)") if row[1] != "previous_id"]
    for old, new in changes:
        assert made.count(old) == 1, made
        made = made.replace(old, new)
    names = ", ".join(columns)
    run(made.replace("CREATE TABLE task", "CREATE TABLE task_anew", 1))
    run(f"INSERT INTO task_anew ({names}) SELECT {names} FROM task")  # noqa: S608  (our own columns)
    run("DROP TABLE task")
    run("ALTER TABLE task_anew RENAME TO task")
    for index in indexes:
        run(str(index))
