"""Everything a database holds but its rows, as comparable text: tables, columns, constraints, indexes, guards."""

from __future__ import annotations

import re

from sqlalchemy import Connection, text

SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRESQL = (
    """SELECT 'column ' || table_name || '.' || column_name,
        data_type || coalesce(character_maximum_length, 0) || ' ' || is_nullable || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    """SELECT 'comment ' || attrelid::regclass || '.' || attname, col_description(attrelid, attnum)
        FROM pg_attribute WHERE col_description(attrelid, attnum) IS NOT NULL AND attrelid > 16383""",
    """SELECT 'function ' || proname, prosrc || prosecdef || coalesce(proconfig::text, '')
            || has_function_privilege('public', oid, 'EXECUTE')
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
)


def shape(connection: Connection) -> dict[str, str]:
    """Each part of the schema by its kind and name; Alembic's own table is left out."""
    queries = (SQLITE,) if connection.dialect.name == "sqlite" else POSTGRESQL
    rows = [(name, sql) for query in queries for name, sql in connection.execute(text(query))]
    return {name: _unquoted(sql) for name, sql in rows if "alembic_version" not in name}


def _unquoted(sql: str) -> str:
    """SQLite puts the name of a table that was made anew between quotes."""
    return re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", sql)


def guards(connection: Connection) -> set[str]:
    """The names of its triggers, with their table on PostgreSQL."""
    return {name.partition(" ")[2] for name in shape(connection) if name.startswith("trigger ")}
