"""Clients written for LanguageTool, as they come from PyPI, against a running service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import language_tool_python
import pytest
from pylanguagetool import api
from web.site import served

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

OKR = """\
Team: Onboarding 🎯
Q3 2026
O: New customers feel at home in their first week
KR1: Launch the set-up wizard
KR2: Better help pages 🎯 for everyone
"""
EMAIL = "Hi Ines,\n\ncould you look at the invoice from last week?\n\nBest regards,\nTom\n"


@pytest.fixture(scope="module")
def address(coach: Coach) -> Iterator[str]:
    with served(create_app(Settings(), coach)) as running:
        yield running


def test_language_tool_python_finds_the_words(address: str) -> None:
    with language_tool_python.LanguageTool("en-US", remote_server=address) as tool:
        found = {match.rule_id: match for match in reversed(tool.check(OKR))}
        activity = found["OKR_ACTIVITY_NOT_OUTCOME"]
        assert activity.matched_text == "Launch the set-up wizard"
        assert OKR[activity.offset :].startswith("Launch the set-up wizard")
        assert found["OKR_VAGUE_WORDING"].matched_text == "Better"
        assert activity.category == "OKR_RESULT"
        assert tool.check(EMAIL) == []
        tool.disabled_rules = {"OKR_ACTIVITY_NOT_OUTCOME"}
        assert "OKR_ACTIVITY_NOT_OUTCOME" not in {match.rule_id for match in tool.check(OKR)}


def test_language_tool_python_picky_and_auto(address: str) -> None:
    with language_tool_python.LanguageTool("auto", remote_server=address) as tool:
        plain = len(tool.check(OKR))
        tool.picky = True
        assert len(tool.check(OKR)) >= plain > 0


def test_pylanguagetool_as_a_library(address: str) -> None:
    url = f"{address}/v2/"
    assert {"name": "English (US)", "code": "en", "longCode": "en-US"} in api.get_languages(url)
    answer = api.check(OKR, api_url=url, lang="auto", preferred_variants="en-GB")
    assert answer["language"]["code"] == "en-GB"
    assert "OKR_ACTIVITY_NOT_OUTCOME" in {match["rule"]["id"] for match in answer["matches"]}
    assert api.check(EMAIL, api_url=url, lang="en-US")["matches"] == []
    only = api.check(OKR, api_url=url, lang="en-US", enabled_categories="OKR_WORDING", enabled_only=True)
    assert {match["rule"]["category"]["id"] for match in only["matches"]} == {"OKR_WORDING"}
    known = api.check(OKR, api_url=url, lang="en-US", pwl=["Better"])
    assert "OKR_VAGUE_WORDING" not in {match["rule"]["id"] for match in known["matches"]}
    with pytest.raises(ValueError, match="unknown-language"):
        api.check(OKR, api_url=url, lang="xx")


def test_pylanguagetool_as_a_command(address: str, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("pylanguagetool")),
        "-a",
        f"{address}/v2/",
        "-l",
        "en-US",
        "--no-color",
    ]
    done = subprocess.run([*command, "--rules"], input=OKR, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert "OKR_ACTIVITY_NOT_OUTCOME: Activity not outcome" in done.stdout
    file = tmp_path / "okrs.txt"
    file.write_text(OKR, "utf-8")
    of_file = subprocess.run([*command, "--rules", file], capture_output=True, text=True, timeout=60, check=False)
    assert of_file.returncode == 1, of_file.stderr
    assert "OKR_ACTIVITY_NOT_OUTCOME: Activity not outcome" in of_file.stdout
    clean = subprocess.run(command, input=EMAIL, capture_output=True, text=True, timeout=60, check=False)
    assert clean.returncode == 0, clean.stderr
