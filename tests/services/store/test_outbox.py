"""Word to the vector index: written with the change, gone once it was taken, there after a crash in between."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from stores import within

from app.services.store import Database, okrs, outbox, workspaces
from app.services.store.ids import new_id
from app.services.store.okrs import Author, Content
from app.services.store.tables import Cycle, Okr


class Notebook:
    """An index that holds objectives; it can crash before or after it has taken a change."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.crash = ""
        self.told = 0

    async def changed(self, workspace: str, okrs: Mapping[str, Okr | None]) -> None:
        if self.crash == "before":
            raise ConnectionError
        for okr_id, okr in okrs.items():
            self.told += 1
            if okr:
                self.held[workspace, okr_id] = okr.objective
            else:
                self.held.pop((workspace, okr_id), None)
        if self.crash == "after":
            raise ConnectionError


AUTHOR = Author("tests")


async def settled(database: Database) -> tuple[str, Content]:
    async with database.writing() as session:
        workspace = (await workspaces.create(session, "Harbour Trust")).id
        cycle = Cycle(workspace_id=workspace, id=new_id(), name="Q3")
        session.add(cycle)
    return workspace, Content("First", (), cycle.id)


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_crash_on_either_side_of_the_index_is_healed(database_url: str, crash: str) -> None:
    async def act(database: Database) -> None:
        workspace, content = await settled(database)
        index = Notebook()
        async with database.writing() as session:
            rows = [await okrs.create(session, workspace, content, AUTHOR) for _ in range(3)]
        index.crash = crash
        with pytest.raises(ConnectionError):
            await outbox.deliver(database, index)
        index.crash = ""
        assert await outbox.deliver(database, index) == 3
        assert index.held == {(workspace, row.id): "First" for row in rows}
        assert await outbox.deliver(database, index) == 0
        async with database.writing() as session:
            second = Content("Second", (), content.cycle_id)
            await okrs.change(session, workspace, rows[0].id, [1], second, AUTHOR)
            await okrs.remove(session, workspace, rows[1].id, [1], AUTHOR)
        assert await outbox.deliver(database, index) == 2
        assert index.held == {(workspace, rows[0].id): "Second", (workspace, rows[2].id): "First"}
        async with database.writing() as session:
            await workspaces.remove(session, workspace)
        await outbox.deliver(database, index)
        assert index.held == {}

    within(database_url, act)


def test_a_change_made_while_the_index_works_is_delivered_next(database_url: str) -> None:
    async def act(database: Database) -> None:
        workspace, content = await settled(database)

        class Slow(Notebook):
            async def changed(self, workspace: str, okrs_: Mapping[str, Okr | None]) -> None:
                await super().changed(workspace, okrs_)
                if self.told == 1:
                    async with database.writing() as session:
                        second = Content("Second", (), content.cycle_id)
                        await okrs.change(session, workspace, next(iter(okrs_)), None, second, AUTHOR)

        index = Slow()
        async with database.writing() as session:
            await okrs.create(session, workspace, content, AUTHOR)
        await outbox.deliver(database, index)
        assert list(index.held.values()) == ["Second"]
        async with database.reading() as session:
            assert await outbox.pending(session) == []

    within(database_url, act)


def test_a_change_that_is_rolled_back_leaves_no_word(database_url: str) -> None:
    async def act(database: Database) -> None:
        workspace, content = await settled(database)

        async def begin() -> None:
            async with database.writing() as session:
                await okrs.create(session, workspace, content, AUTHOR)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await begin()
        assert await outbox.deliver(database, Notebook()) == 0

    within(database_url, act)
