"""Alembic's steps from one schema to the next; they ship with the package and run when a database is opened."""
