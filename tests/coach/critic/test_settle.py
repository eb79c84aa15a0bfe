"""Agreement is said once; on disagreement the more precise judge stands."""

from __future__ import annotations

from app.coach.critic.settle import Opinion, settle
from app.coach.nouns import Source

LOCAL = Opinion(Source.LOCAL, "activity", 0.7)
AGREES = Opinion(Source.LLM, "activity", 0.9, "It is work.")
DIFFERS = Opinion(Source.LLM, "neither", 0.8, "It has an effect.")


def test_one_judge_stands() -> None:
    settled = settle([DIFFERS], {})
    assert (settled.label, settled.sources, settled.why) == ("neither", (Source.LLM,), "It has an effect.")
    assert settled.details == {}


def test_agreement_names_both_and_takes_the_surest() -> None:
    settled = settle([LOCAL, AGREES], {})
    assert settled.sources == (Source.LOCAL, Source.LLM)
    assert (settled.label, settled.confidence, settled.why) == ("activity", 0.9, "It is work.")
    assert settled.others == ()


def test_of_equals_the_embedded_critic_stands() -> None:
    settled = settle([LOCAL, DIFFERS], {})
    assert (settled.label, settled.sources) == ("activity", (Source.LOCAL,))


def test_the_more_precise_for_its_label_stands_and_the_other_is_kept() -> None:
    precision = {"local": {"activity": 0.8, "neither": 0.99}, "llm": {"neither": 0.9, "activity": 0.1}}
    settled = settle([LOCAL, DIFFERS], precision)
    assert (settled.label, settled.sources, settled.confidence) == ("neither", (Source.LLM,), 0.8)
    assert settled.details == {"disagree": [{"source": "local", "verdict": "activity", "confidence": 0.7, "why": ""}]}
    precision["local"]["activity"] = 0.95
    assert settle([LOCAL, DIFFERS], precision).label == "activity"
