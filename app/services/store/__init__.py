"""The organisation's memory: workspaces in SQLite or PostgreSQL, and nothing where neither is configured.

Functions take a session of `Database` and the workspace they act in; what they find and change belongs to it alone.
"""

from __future__ import annotations

from app.services.store.database import Database
from app.services.store.keys import Granted, Scope
from app.services.store.tracking import tables as _tracking_tables
from app.services.store.workshops import tables as _workshop_tables

__all__ = ["Database", "Granted", "Scope", "_tracking_tables", "_workshop_tables"]
