"""What becomes of a level or a standard, in words a person would write."""

from __future__ import annotations

import pytest

from app.coach.nouns import Line, Target
from app.coach.quantities import measure
from app.coach.rewrite import kpis
from app.coach.rules.rule import LineView

WORDINGS = [
    ("Lost bags: none", "Cut lost bags from [current number] to zero"),
    ("Mis-sorting rate", "Mis-sorting rate: from [current level] to [target level]"),
    ("Turnaround 10 days", "Turnaround: from [current days] to 10 days"),
    ("Keep 30 guides on the roster", "Guides on the roster: from [current number] to 30"),
    ("At least 250 paying members", "Raise the number of paying members from [current number] to 250"),
    ("Keep donations at 1% of profit", "Donations: from [current %] to 1% of profit"),
    ("Parcels sold per week", "Parcels sold per week: from [current level] to [target level]"),
    ("70 % of the water is reused", "Raise the share of water that is reused from [current %] to 70 %"),
    (
        "See every urgent referral within a fortnight",
        "Raise the share of urgent referrals seen within a fortnight from [current %] to [target %]",
    ),
    (
        "No release ships with a known fault",
        "Cut the number of releases that ship with a known fault from [current number] to [target number]",
    ),
    (
        "No well passes its test date",
        "Cut the number of wells that pass their test date from [current number] to [target number]",
    ),
    (
        "Never fewer than two adults at the door",
        "Raise the share of [cases] that meet “never fewer than two adults at the door” from [current %] to [target %]",
    ),
    (
        "maintain a 4-week release train",
        "Raise the share of [cases] that meet “a 4-week release train” from [current %] to [target %]",
    ),
    (
        "Ship kits within 72 hours of the alert",
        "Raise the share of [cases] that meet “ship kits within 72 hours of the alert” from [current %] to [target %]",
    ),
    (
        "Complaints per thousand at last year's level",
        "Cut complaints per thousand from [current level] to [target level]",
    ),
]


@pytest.mark.parametrize(("line", "wording"), WORDINGS, ids=[line for line, _ in WORDINGS])
def test_a_level_becomes_a_move_in_plain_english(line: str, wording: str) -> None:
    view = LineView(Line.whole(line), measure(line), 0, 0)
    assert next(kpis.moved(view, Target(0, 0), "embedded")).text == wording
