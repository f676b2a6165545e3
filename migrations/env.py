"""Run by Alembic: opens the database named by `bountyhub.kit.migrate` and runs the revisions in one transaction."""

from __future__ import annotations

from alembic import context

from bountyhub.kit.database import Base, make_engine

#: Any number, as long as nothing else on this database locks the same one.
ONE_AT_A_TIME = 7_302_004_165

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several programs may start at once on a new schema: the first migrates, the others find it done.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()
engine.dispose()
