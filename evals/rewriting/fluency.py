"""Whether a rewrite reads like a sentence that a person would write, or like a form."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from evals.rewriting.shown import BLANK, Shown

LONGEST_KEY_RESULT: Final = 25
LONGEST_OBJECTIVE: Final = 15
MOST_BLANKS: Final = 4
LONGEST_PILE: Final = 7
"""Content words in a row without a small word between them."""

_FORM: Final = re.compile(
    r"\[(?:x|y|z|n|metric|measure|number|value|date|target|current|baseline|something|object|kpi)\]"
    r"|\{|\}|as measured by|in order to|in terms of|with regard to|with the aim of|key result"
    r"|successful completion|the outcome of|the result of the|\bTBD\b|\bN/A\b",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^\s{0,4}(?:(?:kr|o|key result|objective|initiative)\s?\d{0,2}\s?[:.)–]|[-*•])", re.IGNORECASE
)
_DOUBLED: Final = re.compile(r"\b([a-z]{1,20}) \1\b(?! that)", re.IGNORECASE)
_CLASH: Final = re.compile(
    r"\b(?:a|an|the) (?:a|an|the|our|their|its|of|to|from|in|on|for|with|by|and)\b"
    r"|\b(?:of|from|with|into|at) (?:of|from|to|by|and|is|are)\b"
    r"|\b(?:the|a|an|of|and|or|our|their|who|that)\s{0,2}(?:[,;:)]|\.(?!\w)|$)"
    r"|\b(?:who|that) (?:from|to|by)\b|\bto to\b|\bnumber of from\b"
    r"|^(?:raise|cut|lower|grow|lift|increase|reduce|bring) (?:never|not|no|nobody|none|nothing|at|in|by|to|from)\b",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"%|\b(?:current|target|number|amount|cost|level|score|rate|date|today|baseline|bolder|limit|ratio|days?|hours?)\b",
    re.IGNORECASE,
)
_A_VOWEL: Final = re.compile(
    r"\ba (?!(?:u(?:s|n)|one|once|eu|ewe|user|url|uni|ut|uk|u-|o-)\w{0,20})[aeio]\w{1,20}", re.IGNORECASE
)
_AN_CONSONANT: Final = re.compile(
    r"\ban (?!(?:hour|honest|honour|heir|mp|mr|nps|sla|lms|fte|html|http|rfp|sdk|xml|ml|nda)\w{0,12})[bcdfgjklpqtvwz]",
    re.IGNORECASE,
)
_SMALL: Final = frozenset(
    "a an the of to in on at by for from with who whose that which and or as is are was be been has have had do does "
    "not no we our us you your they their them it its this these each every all any more most than then before after "
    "when while until per within without under over above below about through into up down out off between among only "
    "least fewer less own one other others another first same new across during so if because can could may will would "
    "still again always never".split()
)
_TOKEN: Final = re.compile(r"[^\W_][\w’'-]*")


def awkward(shown: Shown, draft: str, *, is_objective: bool) -> list[str]:
    """What makes a candidate read badly, in words; nothing for good English.

    A line that the author began in lower case may go on so.
    """
    faults = [fault for line in shown.lines for fault in _line_faults(line)]
    if not draft[:1].islower():
        faults += ["starts in lower case"] * any(line.split(maxsplit=1)[0].islower() for line in shown.lines)
    for at, line in enumerate(shown.lines):
        limit = LONGEST_OBJECTIVE if is_objective and at == 0 else LONGEST_KEY_RESULT
        count = len(BLANK.sub("blank", line).split())
        if count > limit:
            faults.append(f"{count} words")
    return faults


def _line_faults(line: str) -> list[str]:
    bare = BLANK.sub("…", line)
    faults = [f"reads like a form: {match[0]}" for match in [_FORM.search(line)] if match]
    faults += ["label or bullet"] * bool(_LABEL.match(line))
    faults += [f"doubled word: {match[0]}" for match in [_DOUBLED.search(bare)] if match]
    faults += [f"clash: {match[0].strip()}" for match in [_CLASH.search(bare)] if match]
    faults += [f"article: {match[0]}" for match in [_A_VOWEL.search(bare), _AN_CONSONANT.search(bare)] if match]
    if len(BLANK.findall(line)) > MOST_BLANKS:
        faults.append("more blanks than words to hold them")
    if sum(not _FIGURE.search(blank) for blank in BLANK.findall(line)) > 1:
        faults.append("two blanks where words should be")
    if any(line.count(one) != line.count(other) for one, other in ("()", "[]", "“”")) or line.count('"') % 2:
        faults.append("unclosed bracket or quote")
    if "  " in line.strip() or line != line.strip() or " ," in line or ",," in line or " ." in line:
        faults.append("spacing")
    if _pile(bare) > LONGEST_PILE:
        faults.append("a pile of nouns")
    said = [word.lower() for word in _TOKEN.findall(bare) if word.lower() not in _SMALL]
    faults += [f"repeats “{word}”" for word, count in Counter(said).items() if count > 2 and len(word) > 2]
    return faults


def _pile(text: str) -> int:
    longest = run = 0
    for token in re.findall(r"[^\W_][\w’'-]*|[^\w\s]", text):
        run = 0 if token.lower() in _SMALL or not token[0].isalpha() else run + 1
        longest = max(longest, run)
    return longest
