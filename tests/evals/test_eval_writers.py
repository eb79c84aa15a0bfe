"""The LLM writer and the plain prompt as solvers: what was recorded is replayed exactly, what wasn't is unscored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llm_endpoint import Manner, serving

from app.coach.nouns import Line, Okr
from app.config import settings
from evals.cases import Case
from evals.rewriting.shown import Flagged, read
from evals.solvers import asking
from evals.solvers.rewriters import LlmRewriteSolver, PlainRewriteSolver
from evals.task import Answer, NoAnswer, Sample

ACTIVITY = "activity-not-outcome"
GOOD = "Raise the share of guests who book in the app from [current %] to [target %]"
MADE_UP = "Raise guests who book again from 12 to 4,000"


def sample(line: str) -> Sample[Flagged]:
    okr = Okr(Line.whole("Guests come back"), (Line.whole(line),), cycle="Q3 2026")
    return Sample(line, Flagged(Case(okr, asked=1)), (ACTIVITY,), "org")


def says(request: dict[str, Any]) -> Any:
    if "Rewrite this OKR" in request["messages"][0]["content"]:
        return {"objective": "Guests come back", "key_results": [MADE_UP]}
    return {"rewrites": [{"line": 1, "texts": [GOOD, MADE_UP]}]}


@pytest.fixture
def replies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(asking, "REPLIES", tmp_path)
    monkeypatch.setenv("OKR_COACH_LLM_MODEL", asking.RECORDED_MODEL)
    settings.cache_clear()
    yield tmp_path / "rewrite.jsonl"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("solver", "shown"),
    [
        (LlmRewriteSolver, [GOOD, "Raise guests who book again from [current number] to [target number]"]),
        (PlainRewriteSolver, [MADE_UP]),
    ],
    ids=["llm", "plain"],
)
def test_what_was_recorded_is_replayed_and_nothing_else(
    solver: type[LlmRewriteSolver] | type[PlainRewriteSolver],
    shown: list[str],
    replies: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [sample("Launch the booking app")]
    with serving(Manner(answer=says)) as endpoint, monkeypatch.context() as live:
        live.setenv("OPENAI_BASE_URL", endpoint.url)
        live.setenv("OKR_COACH_LLM_RECORD", "true")
        settings.cache_clear()
        (recorded,) = solver().solve(asked)
    settings.cache_clear()
    again = solver()
    replayed, unknown = again.solve([*asked, sample("Launch the other app")])
    assert isinstance(recorded, Answer)
    assert replayed == recorded
    assert {each.text for each in read(recorded.marks)} == set(shown)
    assert isinstance(unknown, NoAnswer)
    assert str(replies) in unknown.reason
    assert again.spent.calls == 1
