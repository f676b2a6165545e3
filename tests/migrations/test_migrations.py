"""The revisions are one chain, make exactly the models' tables on both engines, and can all be gone back over."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bountyhub import wiring
from bountyhub.kit import migrate
from bountyhub.kit.database import Base
from bountyhub.kit.paths import asset
from tests.migrations.shape import guards, shape

ROOT = Path(__file__).parents[2]
LEDGER = ("ledger_account", "ledger_entry", "ledger_line", "ledger_seal",
          "ledger_leaf", "ledger_node", "ledger_checkpoint", "ledger_salt")  # fmt: skip
#: Moments are numbers on one engine only: `now` is put in by the test.
A_TASK_WITH_A_REVISION = (
    "INSERT INTO project (id, name, description, licence, currency, created_at) VALUES (1, 'p', '', '', 'EUR', {now})",
    """INSERT INTO repository (id, project_id, forge, forge_id, owner, name, url, default_branch, private, archived,
        created_at) VALUES (1, 1, 'github', 1, 'ana', 'inkwell', '', 'main', false, false, {now})""",
    """INSERT INTO task (id, project_id, repository_id, issue_forge_id, issue_number, issue_open, issue_exists, title,
        labels, currency, state, ends_note, revision, created_at, comment_digest)
        VALUES (1, 1, 1, 1, 12, true, true, 'Export', '[]', 'EUR', 'open', '', 1, {now}, '')""",
    "INSERT INTO task_revision (id, task_id, number, title, body, at) VALUES (1, 1, 1, 'Export', 'Please.', {now})",
)


def revisions() -> list[str]:
    """Oldest first."""
    found = ScriptDirectory.from_config(migrate.config("")).walk_revisions()
    return [revision.revision for revision in found][::-1]


def shape_of(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return shape(connection)


def test_there_is_one_chain_and_no_file_outside_it() -> None:
    scripts = ScriptDirectory.from_config(migrate.config(""))
    assert scripts.get_heads() == [migrate.head()]
    assert [r.down_revision for r in scripts.walk_revisions()] == [*revisions()[-2::-1], None]
    files = [path.name for path in (asset("migrations") / "versions").glob("*.py")]
    assert sorted(name.partition("_")[0] for name in files) == revisions()


def test_the_migrations_make_the_models_tables_and_no_others(empty: str, engine: Engine) -> None:
    wiring.register_jobs()  # which imports every model
    migrate.upgrade(empty)
    assert migrate.current(engine) == migrate.head()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_column_that_the_models_do_not_have_would_be_noticed(empty: str, engine: Engine) -> None:
    wiring.register_jobs()
    migrate.upgrade(empty)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE task_interest ADD COLUMN colour integer"))
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [(step[0], step[2], step[3].name) for step in found] == [("remove_column", "task_interest", "colour")]


def test_every_revision_goes_back_to_exactly_the_one_before(empty: str, engine: Engine) -> None:
    shapes = [shape_of(engine)]
    for revision in revisions():
        migrate.upgrade(empty, revision)
        shapes.append(shape_of(engine))
    for revision, before in zip([*revisions()[-2::-1], "base"], shapes[-2::-1], strict=True):
        migrate.downgrade(empty, revision)
        assert shape_of(engine) == before, f"down to {revision}"
    assert shapes[0] == {} and len(shapes[-1]) > 60


def test_up_down_and_up_again_keeps_every_guard(empty: str, engine: Engine) -> None:
    migrate.upgrade(empty)
    first = shape_of(engine)
    with engine.connect() as connection:
        names = guards(connection)
    assert len(names) >= 24
    assert all(any(table in name for name in names) for table in LEDGER)
    migrate.downgrade(empty, "base")
    migrate.upgrade(empty)
    assert shape_of(engine) == first


def test_a_table_made_anew_keeps_its_rows_and_their_children(empty: str, engine: Engine) -> None:
    migrate.upgrade(empty, "0005")
    with engine.begin() as connection:
        for statement in A_TASK_WITH_A_REVISION:
            now = "0" if connection.dialect.name == "sqlite" else "now()"
            connection.execute(text(statement.format(now=now)))
    for go in (migrate.upgrade, migrate.downgrade, migrate.upgrade):
        go(empty, "0005" if go is migrate.downgrade else "0006")
        with engine.connect() as connection:
            query = "SELECT task.title, task_revision.body FROM task JOIN task_revision ON task_id = task.id"
            assert connection.execute(text(query)).all() == [("Export", "Please.")]


def test_a_database_at_head_is_left_alone(empty: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.upgrade(empty)
    monkeypatch.setattr("alembic.command.upgrade", lambda *_: pytest.fail("migrated"))
    migrate.upgrade(empty)
    assert migrate.current(engine) == migrate.head()


def test_programs_that_start_at_once_migrate_once(empty: str, engine: Engine) -> None:
    code = f"from bountyhub.kit import migrate; print('ready', flush=True); input(); migrate.upgrade({empty!r})"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    programs: list[Any] = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, text=True, **pipes) for _ in range(4)
    ]
    assert [program.stdout.readline() for program in programs] == ["ready\n"] * 4
    for program in programs:
        program.stdin.write("go\n")
        program.stdin.flush()
    ends = [(program.communicate(timeout=60)[1], program.returncode) for program in programs]
    assert [status for _, status in ends] == [0, 0, 0, 0], [error for error, _ in ends]
    assert migrate.current(engine) == migrate.head()


def test_rows_that_were_made_twice_before_are_one_after_the_migration(empty: str, engine: Engine) -> None:
    migrate.upgrade(empty, "0005")
    make = "INSERT INTO outbox_job (name, args, queue, priority, key, run_at, created_at, attempts, every) VALUES "
    at = "now()" if engine.dialect.name == "postgresql" else "1"
    with engine.begin() as connection:
        for name in ("a", "a", "b"):
            connection.execute(text(f"{make} ('{name}', '{{}}', 'sweep', 3, 'recurring:{name}', {at}, {at}, 0, 60)"))
    migrate.upgrade(empty)
    with engine.connect() as connection:
        assert list(connection.scalars(text("SELECT id FROM outbox_job ORDER BY id"))) == [1, 3]


def test_who_paid_signed_out_before_has_a_name_of_its_own_for_each_payment(empty: str, engine: Engine) -> None:
    migrate.upgrade(empty, revisions()[revisions().index("0012") - 1])
    at = "now()" if engine.dialect.name == "postgresql" else "0"
    with engine.begin() as connection:
        for statement in A_TASK_WITH_A_REVISION:
            connection.execute(text(statement.format(now=at)))
        for number, address in enumerate(["a", "a", "b", "unpaid"]):
            connection.execute(
                text(f"""INSERT INTO contribution (ref, task_id, email, anonymous, amount, fee, currency,
                state, nonce, terms_version, created_at, captured_at) VALUES ('c{number}', 1, '{address}', false, 1, 1,
                'EUR', 'held', 'n{number}', '1', {at}, {"NULL" if address == "unpaid" else at})""")
            )
    migrate.upgrade(empty)
    with engine.connect() as connection:
        names = list(connection.scalars(text("SELECT ref FROM party ORDER BY contribution_id")))
    assert len(names) == len({*names}) == 3


def test_comments_that_were_answered_are_known_as_handled(empty: str, engine: Engine) -> None:
    migrate.upgrade(empty, "0033")
    now: Any = datetime(2026, 11, 29, tzinfo=UTC) if engine.dialect.name == "postgresql" else 1_795_910_400_000_000
    with engine.begin() as connection:
        for id, key in enumerate(("answer:3310000002", "answer:3310000002", "answer:7", "comment:8", None)):
            connection.execute(
                text("""INSERT INTO outbox_job (id, name, args, queue, priority, key, run_at, attempts, created_at)
                    VALUES (:id, 'forge.answer', '{}', 'forge', 1, :key, :now, 0, :now)"""),
                {"id": id, "key": key, "now": now},
            )
    migrate.upgrade(empty)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT comment_id FROM handled_comment ORDER BY 1")).all() == [7, 3310000002]
