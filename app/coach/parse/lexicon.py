"""The words that label a line ("Objective", "KR 1.2", "Owner:") and the marks people put around one.

Every pattern is bounded and anchored where it is used, so that a line of any length costs the same.
"""

from __future__ import annotations

import re

HIDDEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters without width that pasting leaves behind: byte order mark, zero-width, bidi controls."""

EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe0f\u20e3\u200d\U000e0020-\U000e007f"
"""Ranges of pictographs, for use within a character class."""

_I = re.IGNORECASE


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_CLOSE = r"[*_`~\])\s]{0,6}"
_DIGITS = r"(?:\s{0,3}[#№]?\s?\d{1,3}(?:[.\-]\d{1,3}){0,3}[a-z]?(?![^\W_]|[%,]|\.\d))"
_NUMBER = rf"(?:{_DIGITS}|\s(?:[a-z]|[ivx]{{1,4}})(?![^\W_]))"
_BRACKET = r"(?:\s?[\[(][^\])\n]{1,20}[\])])?"
_SIGN = r"(?:[:：=]|\.(?=\s|$)|\)|\s[-–—|>→]{1,3}(?=\s|$)|[-–—]\s|$)"
_COLON = r"[*_]{0,3}\s?(?:[:：]|$)"
_COLON_OR_DASH = r"[*_]{0,3}\s?(?:[:：]|\s[-–—]\s|$)"

_OBJECTIVE_WORD = r"(?:(?:company|team|annual|quarterly|our|main|key)\s)?" + _any(
    "objectives?", "objs?", "goals?", "objectifs?", "objetivos?", "obiettiv[oi]", "ziele?", "doelen", "doel"
)
_KEY_RESULT_WORD = _any(
    r"krs?",
    r"key[\s-]?results?",
    r"résultats?[\s-]clés?",
    r"resultados?[\s-](?:clave|chave)s?",
    r"risultat[oi][\s-]chiave",
    r"schlüsselergebniss?e?",
    r"kernresultaten|kernresultaat",
)

KEY_RESULT = re.compile(
    rf"[\[(]?(?:(?:objective|obj|o)\s?\d{{1,3}}\s?[.\-_/:–]?\s?)?{_KEY_RESULT_WORD}"
    rf"(?:{_NUMBER}?{_BRACKET}{_CLOSE}{_SIGN}|{_DIGITS}(?:{_CLOSE}(?=\s)|[\])*]{{1,4}}))",
    _I,
)
KEY_RESULT_BARE = re.compile(r"KRs?\s(?=[A-Z\d])")

_SUCCEEDED = _any("succeeded", "successful", "succeeding", "there", r"done(?:\sit)?", "won", "right")
KEY_RESULTS = re.compile(
    r"(?:(?:our|the|as)\s)?"
    + _any(
        r"(?:and\s)?we(?:['’]ll|\swill)?\sknow\s(?:that\s)?we(?:['’]ve|\shave|['’]re|\sare)\s(?:\w{1,20}\s)?"
        + _SUCCEEDED
        + r"(?:\s(?:when|if|by))?",
        r"how\s(?:will|do|would)\swe\s(?:know|measure)[^:?]{0,40}\??",
        r"how\swe(?:['’]ll|\swill)?\smeasure[^:?]{0,30}",
        r"(?:as\s)?measured\sby",
        r"measures?\sof\ssuccess",
        r"success\s(?:criteria|metrics?|measures?|looks\slike)",
        r"what\ssuccess\slooks\slike",
        r"key\s(?:metrics|measures)",
    )
    + r"[*_]{0,3}\s{0,2}(?:[:：]|…|\.{3}|[-–—]\s|$|(?<=when)\s|(?<=if)\s|(?<=by)\s)[…:.]{0,4}",
    _I,
)

OBJECTIVE = re.compile(
    r"[\[(]?"
    + _any(
        rf"{_OBJECTIVE_WORD}(?:{_CLOSE}{_SIGN}|\.?{_NUMBER}{_BRACKET}{_CLOSE}{_SIGN})",
        rf"okr{_DIGITS}{_CLOSE}{_SIGN}",
        rf"(?:objective|obj\.?){_DIGITS}[\])]?{_CLOSE}(?=\s\S)",
        r"o(?:[\])*_]{0,4}\s?[:：]|\s[-–—]\s)",
        rf"o\.?\s?#?\d{{1,3}}(?![^\W_]|%|[.,]\d){_BRACKET}{_CLOSE}(?:{_SIGN}|(?=\s))",
    ),
    _I,
)

TEAM = re.compile(
    _any(
        "team",
        "squad",
        "department|dept",
        "tribe",
        "chapter",
        "division",
        r"business\sunit|unit",
        r"working\sgroup",
        "equipo",
        "équipe",
        "organi[sz]ation",
        "company",
    )
    + r"(?:\s?name)?[*_]{0,3}\s?(?:[:：]|\s[-–—]\s)",
    _I,
)

CYCLE = re.compile(
    r"(?:okr\s)?"
    + _any("cycle", "quarter", "period", r"time\s?(?:frame|period)", "term", "timeline", "trimester", "semester")
    + r"[*_]{0,3}\s?[:：]",
    _I,
)

WORK = re.compile(
    r"(?:(?:key|our|main|planned|supporting|related)\s)?"
    + _any(
        "initiatives?",
        "tasks?",
        "projects?",
        r"actions?(?:\s(?:items?|plans?))?",
        r"next\ssteps?",
        "milestones?",
        "activit(?:y|ies)",
        r"to[\s-]?dos?",
        "deliverables?",
        "epics?",
        r"how(?:\swe(?:['’]ll|\swill)?\sget\sthere|\sto)?",
        "plan",
        "roadmap",
        "workstreams?",
        "experiments?",
        "bets",
    )
    + r"\s?\d{0,2}"
    + _COLON,
    _I,
)

NOTE = re.compile(
    _any(
        r"why(?:\s(?:now|this|it\smatters|this\smatters))?|rationale",
        r"notes?|n\.?b\.?|comments?|commentary|context|background|description|details?|summary|tl;?dr",
        r"owners?|owned\sby|dris?|leads?|leader|sponsors?|assignees?|responsible|accountable|champion|author",
        r"contributors|status|state|score|grade|grading|progress|confidence(?:\slevel)?|rag|priority|weight",
        r"(?:due|start|end)?\s?date|due|deadline|(?:last\s)?updated?|updates?|check-?ins?|results?\sso\sfar",
        r"risks?|dependenc(?:y|ies)|assumptions?|blockers?|links?|see(?:\salso)?|(?:data\s)?sources?|docs?",
        r"parent|strategy|(?:strategic\s)?pillar|theme|mission|vision|type|tags?|labels?|references?|q&a",
        r"baseline|(?:current|start)(?:\svalue)?|target|stretch|metric\stype|unit|actuals?",
        r"[\w\s]{0,30}\s(?:comments|notes)",
        r"retro(?:spective)?|learnings?|lessons\slearned|health\smetrics?|kpis?|guard-?rails?",
    )
    + _COLON_OR_DASH
    + "|"
    + _any(r"(?:kind(?:est)?|best|warm)?\s?(?:regards|wishes)", "(?:many )?thanks|thank you", "cheers|sincerely")
    + r"(?:[,!.]?$|,\s[A-Z]\w{1,20}$)",
    _I,
)

INLINE = re.compile(
    r"(?<=\S)"
    + _any(
        r"[\s;,.|(]{1,3}(?=(?:KR|Key\sResult)\s?#?\d{1,2}(?:\.\d{1,2})?\s?[:.)–—-]\s?\S)",
        r"\s{1,3}[|·•;]\s{1,3}(?=(?:team|squad|cycle|quarter|period|objective|owner|status)\s?[:：])",
    ),
    _I,
)
"""Where a label in the middle of a line starts a line of its own."""

PLURAL = re.compile(r"(?:key[\s-]?results|krs|objectives|objs|goals|ziele|objectifs|objetivos|obiettivi)\b", _I)
"""A label for a list of objectives or key results."""

_TAG = r"</?(?:b|i|u|strong|em|p|li|ul|ol|span|div|h\d|td|tr|br\s?/?)>"
_SCORE = r"(?:0\.\d{1,2}|1\.0{1,2})"
_META = _any(
    r"owners?|owned\sby|dri|lead|assignees?|responsible|status|state|score|grade|progress|confidence",
    "priority|prio|weight|due|eta|rag|jira|ticket|link|updated",
)
_STATE = _any(
    r"(?:on|off)\strack|at\srisk|done|completed?|in\sprogress|not\sstarted|behind|achieved|missed|dropped",
    "cancelled|green|amber|yellow|red|wip|stretch|committed|aspirational",
)
_JOINERS = "a|an|the|of|on|in|to|for|with|about|and|or|our|by|as|is|including"
_NO_JOINER = "".join(rf"(?<!\s{word}\s)" for word in _JOINERS.split("|"))

LEFT = re.compile(
    _any(
        rf"[\s{HIDDEN}]{{1,400}}",
        rf"[{EMOJI}]{{1,40}}",
        r"\[[ xX✓✔~-]\]",
        r"[\[(]P[0-4][\])]:?|P[0-4]\s?[:–—-]\s",
        rf"[\[(](?:{_SCORE}|\d{{1,3}}\s?/\s?100)[\])]|{_SCORE}\s?[-–—:|]\s",
        r":[a-z_]{2,20}:",
        _TAG,
    ),
    _I,
)
"""One trimming at the front of a line."""

RIGHT = re.compile(
    _any(
        rf"[{EMOJI}]{{1,40}}",
        rf"[\[(]{_META}\b\s?[:=]?[^\])]{{0,80}}[\])]",
        rf"(?:[,;|–—-]\s?|\s){_META}\s?[:=]\s?[^:=]{{1,60}}",
        r"[\[(]\s?@[\w.,@\s-]{1,60}[\])]|(?:(?<=\s)|(?<=[,;|–—-]))@[\w.-]{1,40}[,;]?",
        r"[\[(]P[0-4][\])]|(?<=\s)P[0-4]",
        rf"[\[(](?:{_SCORE}|\d{{1,3}}\s?%\s(?:done|complete|weight|confidence)|\d{{1,2}}/10)[\])]",
        rf"(?:\s[-–—|:=]{{1,3}}\s?|\t|\s\s){_SCORE}|(?<=[.!?%)\d])\s{_SCORE}",
        rf"[\[(]{_STATE}[\])]",
        r"\(?\[[^\]\n]{0,80}\]\(https?://[^)\s]{1,300}\)\)?|[\[(<]?https?://[^\s)\]>]{1,300}[)\]>]?",
        rf"(?<=\s)[\[(]?#\d{{1,7}}[\])]?|[\[(][A-Z]{{2,8}}-\d{{1,6}}[\])]|{_NO_JOINER}(?<=\s)#[a-z][\w-]{{1,30}}",
        r":[a-z_]{2,20}:",
        _TAG,
    )
    + r"\Z",
    _I,
)
"""One trimming at the end of a line."""

TRIMMED = re.compile(
    rf"[{EMOJI}\])>@#:=]|P[0-4]\Z|[\s|:–—-]{_SCORE}\Z|https?://\S{{1,300}}\Z",
    _I,
)
"""Cheap sign that `RIGHT` may find something in the last characters of a line."""

JOINT = re.compile(r"(?:\s[\s|–—-]{0,7}|[,;|–—]\s{0,7})\Z")
"""What joined a trimming to the line."""
