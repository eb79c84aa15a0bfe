"""The noun phrase of a line: taken where it is plain, left where it isn't."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.english import participle, plural, singular


@pytest.mark.parametrize(
    ("text", "verb", "the", "whom"),
    [
        ("Launch the new setup wizard", "launch", "the setup wizard", None),
        ("Publish 8 blog posts during Q1", "publish", "the blog posts", None),
        ("Build a dashboard for branch managers", "build", "the dashboard", "branch managers"),
        ("Successfully implement our hiring guide", "implement", "our hiring guide", None),
        ("Release Atlas", "release", "Atlas", None),
        ("Stable Python SDK", "", "the Python SDK", None),
        ("Create a dashboard displaying those figures", "create", "the dashboard", None),
        ("Write a guide", "write", "the guide", None),
        ("Working Prototype", "work", "the prototype", None),
        ("Identify and invite speakers", "invite", "the speakers", None),
        ("Release a stable lookout version", "release", "lookout", None),
    ],
)
def test_plain_phrases_are_taken(text: str, verb: str, the: str, whom: str | None) -> None:
    said = chunks(text)
    assert said.object is not None
    assert (said.verb, said.object.the, said.whom) == (verb, the, whom)


@pytest.mark.parametrize(
    "text",
    [
        "Publish it and ask around",
        "Make sure that it works",
        "Run on a single machine",
        "Enable sharing",
        "Prepare the founders' agenda",
        "Get better",
        "",
        "???",
    ],
)
def test_what_is_not_plain_is_left(text: str) -> None:
    assert chunks(text).object is None


@settings(deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    chunks(text)


@pytest.mark.parametrize(
    ("one", "many"), [("inquiry", "inquiries"), ("bus", "buses"), ("child", "children"), ("test case", "test cases")]
)
def test_plurals(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(plural("blog post")) == "blog post"


@pytest.mark.parametrize(
    ("verb", "done"), [("answer", "answered"), ("close", "closed"), ("pay", "paid"), ("tidy", "tidied")]
)
def test_participles(verb: str, done: str) -> None:
    assert participle(verb) == done
