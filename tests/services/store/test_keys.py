"""Keys: shown once, kept as a hash, useless once revoked."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from stores import within

from app.errors import NotFoundError
from app.services.store import Database, Scope, keys, workspaces
from app.services.store.tables import ApiKey


def test_a_key_is_shown_once_and_verified_by_its_hash(database_url: str) -> None:
    async def act(database: Database) -> None:
        async with database.writing() as session:
            workspace = await workspaces.create(session, "Harbour Trust")
            row, token = await keys.issue(session, workspace.id, "ci", Scope.WRITE)
            _, other = await keys.issue(session, workspace.id, "ci", Scope.READ)
        secret = token.split("_", 2)[2]
        assert len(secret) >= 43
        async with database.reading() as session:
            stored = (await session.scalars(select(ApiKey))).all()
            assert all(secret not in str(vars(key)) for key in stored)
            granted = await keys.verify(session, token)
            assert granted
            assert (granted.workspace, granted.name, granted.scope) == (workspace.id, "ci", Scope.WRITE)
            mixed = f"okrc_{row.id}_{other.split('_', 2)[2]}"
            for wrong in (
                mixed,
                token[:-1],
                token + "A",
                "okrc_" + row.id,
                "okrc__" + secret,
                "",
                "_",
                "okrc_é_x\ud800",
            ):
                assert await keys.verify(session, wrong) is None
        async with database.writing() as session:
            await keys.revoke(session, row.id)
        async with database.reading() as session:
            assert await keys.verify(session, token) is None
            assert await keys.verify(session, other)
        with pytest.raises(NotFoundError):
            async with database.writing() as session:
                await keys.revoke(session, "0123")

    within(database_url, act)


def test_scopes_contain_those_before_them() -> None:
    assert [[scope.allows(needed) for needed in Scope] for scope in Scope] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
