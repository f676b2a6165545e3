"""Run by Alembic: opens the database named by `bountyhub.kit.migrate` and runs the revisions in one transaction."""

from __future__ import annotations

from alembic import context

from bountyhub.kit.database import Base, make_engine

#: Any number, as long as nothing else on this database locks the same one.
ONE_AT_A_TIME = 7_302_004_165

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table that is made anew is dropped first: its children must not notice. Not possible inside a transaction.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several programs may start at once on a new schema: the first migrates, the others find it done.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
engine.dispose()
