"""`/v2/check` and its neighbours, as LanguageTool's clients use them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.check.matches import category_of, replacements, rule_id
from app.api.check.unhurried import Unhurried
from app.api.check.words import MemoryWords
from app.coach.flow import Coach
from app.coach.nouns import Line, Target
from app.coach.parse import parse_text
from app.coach.parse.gate import gate
from app.coach.report import Review
from app.coach.rules import load_rules
from app.config import Settings
from app.main import create_app

OKR = """\
Team: Onboarding 🎯
Q3 2026
O: New customers feel at home in their first week 🏡
KR1: Launch the set-up wizard
KR2: Better help pages 🎯 for everyone
KR3: Raise renewals to 60 %
"""
EMAIL = """\
Hi Ines,

could you look at the invoice from last week? The total is 340 and we agreed on 310.

Best regards,
Tom
"""
GERMAN = """\
Q3 2026
Ziel: Unsere Kunden fühlen sich bei uns zu Hause
KR1: Wir starten den neuen Assistenten für alle Kunden
KR2: Die Hilfeseiten sind besser und werden von allen gelesen
"""


def check(client: TestClient, text: str = OKR, **fields: object) -> dict[str, Any]:
    response = client.post("/v2/check", data={"text": text, "language": "en-US", **fields})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def ids(answer: Mapping[str, Any]) -> list[str]:
    return [match["rule"]["id"] for match in answer["matches"]]


def words_at(text: str, match: Mapping[str, Any]) -> str:
    raw = text.encode("utf-16-le")
    return raw[2 * match["offset"] : 2 * (match["offset"] + match["length"])].decode("utf-16-le")


def test_matches_stand_where_a_client_counts(client: TestClient) -> None:
    answer = check(client)
    quotes = {(match["rule"]["id"], words_at(OKR, match)) for match in answer["matches"]}
    assert {("OKR_ACTIVITY_NOT_OUTCOME", "Launch the set-up wizard"), ("OKR_VAGUE_WORDING", "Better")} <= quotes
    assert [match["offset"] for match in answer["matches"]] == sorted(m["offset"] for m in answer["matches"])
    for match in answer["matches"]:
        context = match["context"]
        raw = context["text"].encode("utf-16-le")
        inside = raw[2 * context["offset"] : 2 * (context["offset"] + context["length"])].decode("utf-16-le")
        assert inside == words_at(OKR, match)
        assert "\n" not in context["text"]


def test_findings_are_those_of_a_review(client: TestClient) -> None:
    review = client.post("/v1/reviews", json={"text": OKR, "critic": "local"}).json()
    told = {(rule_id(finding["rule"]), finding["quote"]) for finding in review["findings"]}
    assert {(m["rule"]["id"], words_at(OKR, m)) for m in check(client, level="picky")["matches"]} == told


def test_a_match_has_what_clients_read(client: TestClient) -> None:
    match = next(m for m in check(client)["matches"] if m["rule"]["id"] == "OKR_ACTIVITY_NOT_OUTCOME")
    assert match["rule"]["category"] == {"id": "OKR_RESULT", "name": "Results, not work or levels"}
    assert match["rule"]["issueType"] == "style"
    assert match["sentence"] == "Launch the set-up wizard"
    assert match["shortMessage"] == match["rule"]["description"] == "Activity not outcome"
    assert match["message"].endswith("?")
    (url,) = match["rule"]["urls"]
    assert client.get(url["value"]).status_code == 200


@pytest.mark.parametrize(
    "text", ["", " \n", EMAIL, "Launch the app", "Raise NPS to 60\nBetter docs", "\x00\x01", "🎯", "a\u202eb"]
)
def test_what_holds_no_okrs_gets_no_match(client: TestClient, text: str) -> None:
    answer = check(client, text)
    assert (answer["matches"], answer["ignoreRanges"]) == ([], [])
    assert answer["warnings"] == {"incompleteResults": False}


def test_takes_json_a_form_and_a_query(client: TestClient) -> None:
    asked = {"text": OKR, "language": "en-US", "motherTongue": "de", "mode": "all", "enableHiddenRules": "true"}
    pieces = {"annotation": [{"text": OKR}]}
    answers = [
        client.post("/v2/check", json=asked).json(),
        client.post("/v2/check", data=asked).json(),
        client.post("/v2/check", params=asked).json(),
        client.post("/v2/check", params={"language": "en-US"}, data={"text": OKR}).json(),
        client.post("/v2/check", data={"data": json.dumps(pieces), "language": "en-US"}).json(),
        client.post("/v2/check", json={"data": pieces, "language": "en-US"}).json(),
    ]
    assert answers[0]["matches"]
    assert all(answer == answers[0] for answer in answers)


def test_reads_through_markup(client: TestClient) -> None:
    pieces = [
        {"markup": "<p>"},
        {"text": "Q3 2026 🎯"},
        {"markup": "</p><p>", "interpretAs": "\n"},
        {"text": "O: New customers feel at home"},
        {"markup": "<br/>", "interpretAs": "\n"},
        {"text": "KR1: "},
        {"markup": "<b>"},
        {"text": "Launch the 🎯 wizard"},
        {"markup": "</b><br/>", "interpretAs": "\n"},
        {"text": "KR2: Raise "},
        {"markup": "<i>"},
        {"text": "renewals"},
        {"markup": "</i>"},
        {"text": " to 60 %"},
    ]
    source = "".join(piece.get("text", piece.get("markup", "")) for piece in pieces)
    answer = client.post("/v2/check", data={"data": json.dumps({"annotation": pieces}), "language": "auto"}).json()
    found = {match["rule"]["id"]: words_at(source, match) for match in answer["matches"]}
    assert found["OKR_ACTIVITY_NOT_OUTCOME"] == "Launch the 🎯 wizard"
    assert found["OKR_MISSING_BASELINE"] == "60 %"


def test_rules_and_categories_can_be_chosen(client: TestClient) -> None:
    every = set(ids(check(client, level="picky")))
    assert {"OKR_ACTIVITY_NOT_OUTCOME", "OKR_VAGUE_WORDING", "OKR_MISSING_BASELINE"} <= every
    without = set(ids(check(client, level="picky", disabledRules="OKR_VAGUE_WORDING, OKR_MISSING_BASELINE")))
    assert without == every - {"OKR_VAGUE_WORDING", "OKR_MISSING_BASELINE"}
    by_category = set(ids(check(client, level="picky", disabledCategories="OKR_RESULT")))
    assert by_category == {rule for rule in every if rule not in {"OKR_ACTIVITY_NOT_OUTCOME", "OKR_KPI_AS_OKR"}}
    assert set(ids(check(client, enabledOnly="true", enabledRules="OKR_VAGUE_WORDING"))) == {"OKR_VAGUE_WORDING"}
    assert set(ids(check(client, enabledOnly="true", enabledCategories="OKR_RESULT"))) == {"OKR_ACTIVITY_NOT_OUTCOME"}


SUGGESTED = """\
Q3 2026
O: Riders trust the night bus
KR1: Night riders from 4,000 to 6,000 a month
KR2: Night routes within ten minutes of home from 40 to 70 districts
"""


def test_suggestions_are_for_the_picky(client: TestClient) -> None:
    findings = client.post("/v1/reviews", json={"text": SUGGESTED, "critic": "local"}).json()["findings"]
    suggestions = {rule_id(f["rule"]) for f in findings if f["severity"] == "suggestion"}
    assert suggestions
    assert not suggestions & set(ids(check(client, SUGGESTED)))
    picky = check(client, SUGGESTED, level="picky")
    assert suggestions <= set(ids(picky))
    assert {m["type"]["typeName"] for m in picky["matches"] if m["rule"]["id"] in suggestions} == {"Hint"}
    assert suggestions <= set(ids(check(client, SUGGESTED, enabledRules=",".join(suggestions))))


@pytest.mark.parametrize(
    ("language", "code", "detected"),
    [
        ("auto", "en-US", "en-US"),
        ("en", "en", "en-US"),
        ("en-GB", "en-GB", "en-US"),
        ("EN_gb", "en-GB", "en-US"),
    ],
)
def test_says_which_language_it_read(client: TestClient, language: str, code: str, detected: str) -> None:
    said = check(client, language=language)["language"]
    assert (said["code"], said["detectedLanguage"]["code"]) == (code, detected)
    assert check(client, language="auto", preferredVariants="de-DE,en-ZA")["language"]["code"] == "en-ZA"


def test_another_language_is_left_alone_and_said_so(client: TestClient) -> None:
    named = check(client, OKR, language="de-DE")
    assert named["matches"] == []
    assert named["ignoreRanges"] == [
        {"from": 0, "to": len(OKR.encode("utf-16-le")) // 2, "language": {"code": "de-DE"}}
    ]
    mixed = OKR + "\n" + GERMAN
    answer = check(client, mixed, level="picky")
    raw = mixed.encode("utf-16-le")
    left = [raw[2 * part["from"] : 2 * part["to"]].decode("utf-16-le") for part in answer["ignoreRanges"]]
    assert "Wir starten den neuen Assistenten für alle Kunden" in left
    assert {part["language"]["code"] for part in answer["ignoreRanges"]} == {"und"}
    assert answer["matches"]
    for match in answer["matches"]:
        assert all(match["offset"] >= part["to"] or match["offset"] < part["from"] for part in answer["ignoreRanges"])


def test_says_what_was_left_unread(client: TestClient) -> None:
    long = check(client, "We met again.\n" * (gate().max_lines + 1))
    assert long["warnings"]["incompleteResults"] is True
    assert long["warnings"]["incompleteResultsReason"]
    many = "Q3 2026\nO: Guests come back\n" + "".join(f"KR{at}: Launch tour {at} of the city\n" for at in range(600))
    assert "500" in check(client, many)["warnings"]["incompleteResultsReason"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": "x"}, 422, "invalid-request"),
        ({"language": "en"}, 422, "invalid-request"),
        ({"text": "x", "data": "{}", "language": "en"}, 422, "invalid-request"),
        ({"data": "{", "language": "en"}, 422, "invalid-request"),
        ({"data": '{"annotation": [{}]}', "language": "en"}, 422, "invalid-request"),
        ({"text": "x", "language": "xx"}, 422, "unknown-language"),
        ({"text": "x", "language": "en-XX"}, 422, "unknown-language"),
        ({"text": "x", "language": "en", "level": "strict"}, 422, "invalid-request"),
        ({"text": "x", "language": "en", "enabledOnly": "true"}, 422, "invalid-request"),
        (
            {"text": "x", "language": "en", "enabledOnly": "true", "enabledRules": "A", "disabledRules": "B"},
            422,
            "invalid-request",
        ),
        ({"text": "x" * 100_001, "language": "en"}, 413, "too-large"),
    ],
)
def test_refuses_in_words(client: TestClient, fields: dict[str, str], status: int, code: str) -> None:
    for response in (client.post("/v2/check", data=fields), client.post("/v2/check", json=fields)):
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b'{"text": 1' + b"0" * 9000 + b"}"])
def test_refuses_what_is_no_json(client: TestClient, body: bytes) -> None:
    response = client.post("/v2/check", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


def test_odd_text_is_answered(client: TestClient) -> None:
    body = json.dumps({"text": OKR + "\udfff \ud800\n", "language": "auto"}).encode()
    response = client.post("/v2/check", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert "OKR_ACTIVITY_NOT_OUTCOME" in ids(response.json())


def test_says_what_it_is(client: TestClient) -> None:
    assert {"name": "English (GB)", "code": "en", "longCode": "en-GB"} in client.get("/v2/languages").json()
    assert client.get("/v2/info").json()["software"]["apiVersion"] == 1
    assert client.get("/v2/maxtextlength").json() == Settings().max_draft_chars


def test_ids_are_stable_and_every_rule_has_a_category() -> None:
    assert rule_id("kpi-as-okr") == "OKR_KPI_AS_OKR"
    assert len({rule_id(rule.id) for rule in load_rules()}) == len(load_rules())
    assert all(category_of(rule.id).startswith("OKR_") for rule in load_rules())


def test_an_accepted_term_is_let_pass(coach: Coach) -> None:
    with TestClient(create_app(Settings(), coach)) as client:
        mine = {"username": "ines@example.org", "apiKey": "any"}
        assert "OKR_VAGUE_WORDING" in ids(check(client, **mine))
        assert client.post("/v2/words/add", data={"word": " better ", **mine}).json() == {"added": True}
        assert client.post("/v2/words/add", data={"word": "BETTER", **mine}).json() == {"added": False}
        assert client.get("/v2/words", params=mine).json() == {"words": ["better"]}
        assert "OKR_VAGUE_WORDING" not in ids(check(client, **mine))
        assert "OKR_VAGUE_WORDING" in ids(check(client, username="tom@example.org", apiKey="any"))
        assert "OKR_VAGUE_WORDING" in ids(check(client))
        assert client.post("/v2/words/delete", data={"word": "Better", **mine}).json() == {"deleted": True}
        assert client.post("/v2/words/delete", data={"word": "Better", **mine}).json() == {"deleted": False}
        assert "OKR_VAGUE_WORDING" in ids(check(client, **mine))
        for word in ("zeta", "alpha", "Mid"):
            client.post("/v2/words/add", json={"word": word, **mine})
        assert client.get("/v2/words", params={**mine, "offset": 1, "limit": 1}).json() == {"words": ["Mid"]}
        assert client.get("/v2/words").json()["code"] == "username-missing"
        assert client.post("/v2/words/add", data={"word": " ", **mine}).status_code == 422


def test_pages_of_other_sites_change_no_terms(client: TestClient) -> None:
    asked = {"word": "robust", "username": "ines"}
    other = client.post("/v2/words/add", data=asked, headers={"Origin": "https://evil.example"})
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    for origin in ("http://testserver", "chrome-extension://abcdef", "moz-extension://abcdef"):
        assert client.post("/v2/words/add", data=asked, headers={"Origin": origin}).status_code == 200


def test_a_token_may_come_as_api_key(coach: Coach) -> None:
    with TestClient(create_app(Settings(tokens=("one", "two"), rate_limit="100/minute"), coach)) as client:
        asked = {"text": OKR, "language": "en-US"}
        assert client.post("/v2/check", data=asked).status_code == 401
        assert client.post("/v2/check", data={**asked, "apiKey": "three"}).status_code == 401
        assert client.post("/v2/check", data={**asked, "apiKey": "one"}).status_code == 200
        bearer = {"Authorization": "Bearer two"}
        assert client.post("/v2/check", data=asked, headers=bearer).status_code == 200
        word = {"word": "robust", "username": "ines"}
        assert client.post("/v2/words/add", data=word).status_code == 401
        assert client.post("/v2/words/add", data={**word, "apiKey": "one"}).json() == {"added": True}
        assert client.get("/v2/words", params={"username": "ines"}, headers=bearer).json() == {"words": []}


@pytest.fixture
def rewriting(rules_only: Coach) -> Iterator[TestClient]:
    def rewriter(review: Review) -> Mapping[Target, Sequence[str]]:
        return {
            Target(0, at): [
                line.text.replace("to 60 %", "from [current share] to 60 %"),
                line.text.replace("Better", "Shorter"),
                line.text + "\nand more",
                "Something else",
            ]
            for at, line in enumerate(review.draft.okrs[0].key_results)
        }

    with TestClient(create_app(Settings(), rules_only, replacer=rewriter)) as client:
        yield client


def test_a_rewrite_is_offered_where_it_fits(rewriting: TestClient) -> None:
    offered: dict[str, list[str]] = {}
    for match in check(rewriting)["matches"]:
        offered.setdefault(match["rule"]["id"], []).extend(each["value"] for each in match["replacements"])
    assert offered["OKR_VAGUE_WORDING"] == ["Shorter"]
    assert offered["OKR_NOT_MEASURABLE"] == ["Shorter help pages 🎯 for everyone", "Something else"]


def test_the_embedded_writer_is_asked(coach: Coach) -> None:
    with TestClient(create_app(Settings(), coach)) as client:
        offered = {match["rule"]["id"]: match["replacements"] for match in check(client)["matches"]}
        again = {match["rule"]["id"]: match["replacements"] for match in check(client)["matches"]}
    assert offered["OKR_ACTIVITY_NOT_OUTCOME"]
    assert offered == again
    assert all("\n" not in each["value"] for found in offered.values() for each in found)


def test_rewriting_waits_for_a_pause(rules_only: Coach) -> None:
    now, asked = [0.0], []

    def replacer(review: Review) -> Mapping[Target, Sequence[str]]:
        asked.append(review.draft.okrs[0].key_results[0].text)
        return {Target(0, 0): ["x"]}

    unhurried = Unhurried(replacer, pause=0.25, kept=1, clock=lambda: now[0])
    first, second, third = (
        rules_only.review(parse_text(f"O: Guests come back\nKR1: Launch app {at}")) for at in range(3)
    )
    assert unhurried(first) == {Target(0, 0): ["x"]}
    now[0] = 0.2
    assert unhurried(second) == {}
    assert unhurried(first) == {Target(0, 0): ["x"]}
    now[0] = 0.4
    assert unhurried(second) == {}
    now[0] = 0.7
    assert unhurried(second) == {Target(0, 0): ["x"]}
    now[0] = 1.0
    unhurried(third)
    unhurried(second)
    assert asked == ["Launch app 0", "Launch app 1", "Launch app 2"]


@pytest.mark.parametrize(
    ("span", "rewrites", "expected"),
    [
        ((0, 6), ["Fewer docs", "Better docs", "Fewer texts"], ["Fewer"]),
        ((0, 11), ["Fewer docs", "Better docs", "Fewer docs", "a\nb"], ["Fewer docs"]),
        ((7, 11), ["Better", "Better docs"], []),
        ((6, 7), ["Betterdocs"], [""]),
    ],
)
def test_replacements_change_nothing_else(span: tuple[int, int], rewrites: list[str], expected: list[str]) -> None:
    line = Line("Better docs", 40, 51)
    assert list(replacements(line, 40 + span[0], 40 + span[1], rewrites)) == expected


def test_words_make_room() -> None:
    async def fill() -> None:
        words = MemoryWords(users=2, terms=2)
        for owner in ("a", "b"):
            assert await words.add(owner, "one")
        assert await words.listed("a") == ["one"]
        assert await words.add("c", "one")
        assert (await words.listed("a"), await words.listed("b")) == (["one"], [])
        assert await words.add("a", "two")
        assert not await words.add("a", "three")

    asyncio.run(fill())


def test_the_texts_above_are_what_they_claim() -> None:
    assert len(parse_text(OKR).okrs) == 1
    assert len(parse_text(GERMAN).okrs) == 1
