"""The same work for several things at once."""

from __future__ import annotations

import threading

import pytest

from app.services.abreast import abreast, at_once


def test_results_stand_in_the_order_of_the_things() -> None:
    assert abreast(lambda number: number * number, range(100), threads=3) == [number * number for number in range(100)]
    assert abreast(str, []) == []


def test_as_many_threads_work_at_a_time_as_are_asked_for() -> None:
    both = threading.Barrier(2, timeout=20)
    assert len(set(abreast(lambda _: (both.wait(), threading.get_ident())[1], range(2), threads=2))) == 2


def test_one_thread_is_that_of_whoever_asks() -> None:
    assert set(abreast(lambda _: threading.get_ident(), range(9), threads=1)) == {threading.get_ident()}


@pytest.mark.parametrize("threads", [1, 2])
def test_what_the_work_raises_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        abreast(lambda number: 1 // number, [3, 2, 1, 0], threads)


def test_none_means_one_a_core() -> None:
    assert at_once(0) >= 1
    assert at_once(5) == 5
