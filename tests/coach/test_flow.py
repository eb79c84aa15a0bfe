"""The flow with an LLM among its judges: stages, agreement, disagreement, faults, languages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from llm_endpoint import sensible
from llm_script import ScriptedModel

from app.coach import flow, profiles
from app.coach.critic import Judgement, Kind
from app.coach.critic.llm import LlmCritic
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Finding, Pillar, Source, Verdict
from app.coach.parse import parse_text
from app.coach.profiles import Profile
from app.coach.report import Review
from app.coach.rules.rule import LineView
from app.coach.stages import Done, Found, Heard, Parsed, Stage
from app.errors import InvalidInputError
from app.services.language_model import LlmError

TEXT = "Q3 2026\nO: Guests come back\n- Launch the app\n- NPS stays above 60\n- Repeat bookings from 9 to 14 %\n"
GERMAN = "Q3 2026\nO: Neue Gäste kommen ohne unsere Hilfe wieder\n- Wir führen die App in allen Häusern ein\n"
STRATEGY = Context(strategy=(Pillar("Loyal guests"),))
HEADLINES = ("activity-not-outcome", "kpi-as-okr", "missing-strategy-link")
LLM_FIRST: Mapping[str, Mapping[str, float]] = {
    "local": dict.fromkeys(("activity", "kpi", "neither", "missing", "linked"), 0.5),
    "llm": dict.fromkeys(("activity", "kpi", "neither", "missing", "linked"), 0.9),
}


@dataclass(frozen=True)
class LocalDouble:
    """A local critic whose verdict on a line is looked up; lines it doesn't know are neither."""

    kinds: Mapping[str, Kind]
    source = Source.LOCAL
    name = "double"

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        return [Judgement(self.kinds.get(line.text, Kind.NEITHER), 0.7) for line, _ in lines]


LOCAL = LocalDouble({"Launch the app": Kind.ACTIVITY, "NPS stays above 60": Kind.KPI})


def coach(script: Callable[[dict[str, Any]], Any] = sensible, local: LocalDouble | None = LOCAL) -> Coach:
    return Coach(critic=local, llm=LlmCritic(ScriptedModel(script)))


def stages(judges: Coach, draft: Draft, context: Context = STRATEGY, **choice: Any) -> list[Stage]:
    async def run() -> list[Stage]:
        return [stage async for stage in judges.stream(draft, context, **choice)]

    return asyncio.run(run())


def review(judges: Coach, text: str = TEXT, context: Context = STRATEGY, **choice: Any) -> Review:
    return asyncio.run(judges.review_async(parse_text(text), context, **choice))


def headlines(of: Review) -> dict[tuple[str, int | None], Finding]:
    return {(f.rule, f.target.key_result): f for f in of.findings if f.rule in HEADLINES}


@pytest.fixture
def llm_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile in which the LLM has been measured to be the more precise judge of everything."""

    def trusting(name: str) -> Profile:
        return replace(profiles.profile(name), precision=LLM_FIRST)

    monkeypatch.setattr(flow, "profile", trusting)


def silent(request: dict[str, Any]) -> Any:
    """A model that finds everything perfect."""
    answer = sensible(request)
    for verdict in answer.get("verdicts", [answer]):
        verdict |= {"kind": "neither", "quote": "", "pillar": 1}
    return answer


def test_stages_come_in_order_and_the_second_waits_for_nobody() -> None:
    seen = stages(coach(), parse_text(TEXT))
    assert [type(stage) for stage in seen] == [Parsed, Found, *[Heard] * 5, Done]
    found, done = seen[1], seen[-1]
    assert isinstance(found, Found)
    assert isinstance(done, Done)
    assert found.review.engine.tiers == ("rule", "local")
    assert found.review.engine.usage is None
    assert {key: f.sources for key, f in headlines(found.review).items()} == {
        ("activity-not-outcome", 0): (Source.LOCAL,),
        ("kpi-as-okr", 1): (Source.LOCAL,),
    }
    assert done.review.engine.tiers == ("rule", "local", "llm")
    assert done.review.engine.models["llm"] == "scripted"
    usage = done.review.engine.usage
    assert usage
    assert (usage.model, usage.calls, usage.input_tokens, usage.output_tokens) == ("scripted", 2, 200, 40)
    assert (usage.cost, usage.dropped_quotes) == (None, 0)


def test_without_an_llm_the_second_stage_is_the_last_review() -> None:
    seen = stages(Coach(critic=LOCAL), parse_text(TEXT))
    assert [type(stage) for stage in seen] == [Parsed, Found, Done]
    assert seen[1].review == seen[2].review  # type: ignore[union-attr]


def test_agreement_is_one_finding_that_names_both() -> None:
    found = headlines(review(coach()))
    activity = found["activity-not-outcome", 0]
    assert activity.sources == (Source.LOCAL, Source.LLM)
    assert activity.confidence == 0.8
    assert activity.message.endswith("It is activity.")
    assert "disagree" not in activity.details
    assert len(found) == 2


def test_an_unmeasured_llm_overrules_nothing_and_is_kept_in_the_details() -> None:
    found = headlines(review(coach(silent)))
    assert found["activity-not-outcome", 0].sources == (Source.LOCAL,)
    assert found["activity-not-outcome", 0].details["disagree"] == [
        {"source": "llm", "verdict": "neither", "confidence": 0.8, "why": "It is activity."}
    ]
    unheard = headlines(review(coach(local=LocalDouble({}))))
    assert unheard == {}


@pytest.mark.usefixtures("llm_first")
def test_a_more_precise_llm_adds_renames_and_clears() -> None:
    added = review(coach(local=LocalDouble({"Repeat bookings from 9 to 14 %": Kind.KPI})))
    assert {key: f.sources for key, f in headlines(added).items()} == {
        ("activity-not-outcome", 0): (Source.LLM,),
        ("kpi-as-okr", 1): (Source.LLM,),
    }
    assert [note.code for note in added.notes] == ["critics-differ"]
    renamed = review(coach(local=LocalDouble({"Launch the app": Kind.KPI})))
    finding = headlines(renamed)["activity-not-outcome", 0]
    assert finding.details["disagree"] == [{"source": "local", "verdict": "kpi", "confidence": 0.7, "why": ""}]
    cleared = review(coach(silent))
    assert headlines(cleared) == {}
    assert [(note.code, note.message[-2:]) for note in cleared.notes] == [("critics-differ", "2.")]


def test_the_llm_alone_is_heard_alone() -> None:
    alone = review(coach(), critic="llm")
    assert alone.engine.tiers == ("rule", "llm")
    assert {f.sources for f in headlines(alone).values()} == {(Source.LLM,)}
    assert alone.okrs[0].verdicts == (Verdict.ACTIVITY, Verdict.KPI, Verdict.GOOD)


@pytest.mark.parametrize("critic", ["local", "none"])
def test_it_is_not_asked_when_it_is_not_wanted(critic: str) -> None:
    judges = coach()
    reviewed = review(judges, critic=critic)
    assert "llm" not in reviewed.engine.tiers
    assert judges.llm
    assert isinstance(judges.llm.model, ScriptedModel)
    assert judges.llm.model.prompts == []


def test_a_choice_that_cannot_be_met_is_refused_before_the_first_stage() -> None:
    with pytest.raises(InvalidInputError) as caught:
        Coach().stream(parse_text(TEXT), critic="llm")
    assert caught.value.code == "llm-not-configured"
    with pytest.raises(InvalidInputError) as caught:
        Coach().stream(parse_text(TEXT), profile_name="marx")
    assert caught.value.code == "unknown-profile"


def test_a_strategy_that_nothing_serves() -> None:
    def unlinked(request: dict[str, Any]) -> Any:
        answer = sensible(request)
        for verdict in answer["verdicts"]:
            verdict["pillar"] = 0
        return answer

    finding = headlines(review(coach(unlinked)))["missing-strategy-link", None]
    assert finding.sources == (Source.LLM,)
    assert finding.quote == "Guests come back"
    assert finding.message.endswith("It leads there.")
    assert "no-strategy" in {note.code for note in review(coach(), context=Context()).notes}


@pytest.mark.parametrize("code", ["llm-down", "llm-timeout", "llm-rate-limited", "llm-junk", "llm-budget"])
def test_any_fault_leaves_the_review_as_it_would_be_without(code: str) -> None:
    fault = LlmError(code, "What happened")
    without = review(Coach(critic=LOCAL))
    faulty = review(coach(lambda _: fault))
    assert faulty.findings == without.findings
    assert faulty.grade == without.grade
    assert faulty.engine.tiers == without.engine.tiers
    (note,) = [note for note in faulty.notes if note not in without.notes]
    assert note.code == code
    assert note.message == "What happened: 4 of 4 lines and 1 of 1 OKR went without its verdict."


def test_text_that_is_not_english_is_left_to_the_rules() -> None:
    local = LocalDouble({"Wir führen die App in allen Häusern ein": Kind.ACTIVITY})
    judges = coach(local=local)
    reviewed = review(judges, GERMAN)
    assert headlines(reviewed) == {}
    assert {f.sources for f in reviewed.findings} == {(Source.RULE,)}
    assert [note.code for note in reviewed.notes] == ["not-english"]
    assert judges.llm
    assert isinstance(judges.llm.model, ScriptedModel)
    assert judges.llm.model.prompts == []


def test_in_a_mixed_draft_the_english_part_is_judged() -> None:
    reviewed = review(coach(), f"{TEXT}\n{GERMAN}")
    assert {f.target.objective for f in reviewed.findings if f.rule in HEADLINES} == {0}
    assert [note.code for note in reviewed.notes] == ["not-english"]


def test_a_strategy_that_is_not_english_is_not_judged_against() -> None:
    german = Context(strategy=(Pillar("Gäste kommen wieder, ohne dass wir sie mit Rabatten locken"),))
    assert [note.code for note in review(coach(), context=german).notes] == ["not-english"]


def test_the_sync_review_asks_no_llm() -> None:
    judges = coach()
    at_once = judges.review(parse_text(TEXT), STRATEGY)
    assert at_once.findings == review(Coach(critic=LOCAL)).findings
    assert at_once.engine.usage is None


def test_closing_the_stream_cancels_the_question() -> None:
    model = ScriptedModel(seconds=30)
    judges = Coach(critic=LOCAL, llm=LlmCritic(model))

    async def run() -> None:
        seen = judges.stream(parse_text(TEXT), STRATEGY)
        assert isinstance(await anext(seen), Parsed)
        assert isinstance(await anext(seen), Found)
        waiting = asyncio.ensure_future(anext(seen))
        await model.asked(2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await seen.aclose()

    asyncio.run(run())
    assert model.cancelled == len(model.prompts) == 2


def test_closing_the_coach_closes_the_model() -> None:
    judges = coach()
    asyncio.run(judges.close())
    asyncio.run(Coach().close())
    assert judges.llm
    assert isinstance(judges.llm.model, ScriptedModel)
    assert judges.llm.model.closed
