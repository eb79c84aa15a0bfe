"""What can wait goes behind what can't, and says the same."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import giving_way
from app.services.embeddings import TextOrPair, Vectors
from app.services.giving_way import A_FEW, GivingWay, Urgent


class Lengths:
    """A row says how long its text is; `asked` counts the texts of each call."""

    name = "lengths"

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.begun = threading.Event()

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        self.asked.append(len(texts))
        self.begun.set()
        return np.array([sum(map(len, text)) for text in texts], np.float32).reshape(len(texts), 1)


@given(st.lists(st.one_of(st.text(max_size=9), st.tuples(st.text(max_size=9), st.text(max_size=9))), max_size=40))
def test_rows_come_in_the_order_of_the_texts(texts: list[TextOrPair]) -> None:
    inner = Lengths()
    rows = GivingWay(inner, Urgent()).encode(texts)
    assert rows[:, :1].ravel().tolist() == [sum(map(len, text)) for text in texts]
    assert max(inner.asked) <= A_FEW


def test_nothing_is_begun_while_something_urgent_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_way, "LONGEST_WAIT", 30.0)
    inner, urgent = Lengths(), Urgent()
    waiting = threading.Thread(target=GivingWay(inner, urgent).encode, args=(["a line"],))
    with urgent.work():
        with urgent.work():
            waiting.start()
        assert not inner.begun.wait(0.2)
    assert inner.begun.wait(20)
    waiting.join()


def test_what_can_wait_is_done_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_way, "LONGEST_WAIT", 0.01)
    inner, urgent = Lengths(), Urgent()
    with urgent.work():
        assert len(GivingWay(inner, urgent).encode(["a line"] * (2 * A_FEW + 1))) == 2 * A_FEW + 1
    assert inner.asked == [A_FEW, A_FEW, 1]
    with pytest.raises(ZeroDivisionError), urgent.work():
        raise ZeroDivisionError
    urgent.wait(30)
