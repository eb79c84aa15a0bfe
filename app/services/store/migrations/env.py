"""What Alembic runs: the steps, within the transaction of the connection that it is handed."""

from __future__ import annotations

from alembic import context

from app.services.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
