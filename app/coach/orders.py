"""Text in a draft that speaks to a model instead of to people.

What looks like an order is kept from the LLM, so that it can't sway the verdicts on the other lines; rules and
embedded critic, which take no orders, judge it all the same. No list of phrasings is complete: this is the
second defence, after the closed verdicts and the precision table.
"""

from __future__ import annotations

import re

_GAP = r"[^.;!?]{0,40}?"
_MODEL = r"(?:ai|llm|gpt|model|assistant|chatbot|bot|reviewer|grader|judge|critic|coach|evaluator)"
_GIVEN = r"(?:instructions?|prompts?|rubric|rules|guidelines|previous|prior|earlier|above|preceding|system|training)"
_SAY = (
    r"(?:answer|respond|reply|return|output|print|say|mark|label|classify|rate|grade|score|treat|consider|give|call"
    r"|tag|judge)"
)
_OBEY = rf"(?:{_SAY}|obey|follow|ignore)"
_LINES = r"(?:lines?|key results?|okrs?|objectives?)"
_SAID = (
    r"(?:neither(?! \w{1,20} nor\b)"
    rf"|no (?:findings?|issues?|problems?|errors?)|(?:all|every|each|these|any) (?:the )?{_LINES}"
    r"|this (?:line|draft|okr|review|objective|key result)|json|(?<!same )verdicts?|full marks|top marks)"
)
_VALUE = r"[\"'\[{]?(?:neither|activity|kpi|good|linked|perfect|\d|\[|\{)"
_ROLE = r"(?:system|assistant|developer)"

_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|overrule|bypass) (?:[\w'’]{{1,20}} ){{0,4}}{_GIVEN}\b",
        rf"\b{_SAY}\b{_GAP}\b{_SAID}\b",
        r"\b(?:do not|don['’]t|never|must not) (?:\w{1,20} ){0,2}(?:flag|criticis|criticiz|penalis|penaliz|judge)",
        (
            r"(?:^|[.;:,!?>\])–—-] {0,3}|\b(?:and|please|must|should|to|always|then|you|just|now) )"
            r"(?:grade|rate|score) (?:it|this|everything|all) "
        ),
        rf"\b(?:draft|{_LINES}) (?:is|are) (?:already |all )?(?:perfect|flawless|approved|exempt|correct|good)\b",
        rf"\byou(?:['’]re| are| must| should| will| shall| have to) (?:now\b|only\b|not\b|{_OBEY}\b)",
        rf"\byou(?:['’]re| are) an? (?:\w{{1,20}} ){{0,2}}(?:{_MODEL}|pirate)\b",
        rf"\b(?:dear|hey|hello|attention|(?:note|message|instructions?) (?:to|for)),? (?:the |all |any )?{_MODEL}\b",
        rf"\b{_MODEL}\s?[:,]\s?(?:please|ignore|mark|return|you|treat|answer|say|do|this|the)\b",
        rf"(?:^|[.;!?>\])] {{0,3}}){_ROLE}\s?:|\b{_ROLE} (?:message|prompt|note|override)\b",
        r"\bas an? (?:ai|llm|language model|assistant)\b|\bact as (?:if|an? (?:ai|assistant|model))\b",
        r"\b(?:pretend|imagine|assume) (?:that )?you\b",
        r"\b(?:new|updated|real|actual|hidden|secret|final) (?:instructions?|task|rules?|rubric|role)\s?:",
        r"\bend of (?:the )?(?:draft|prompt|instructions?|input|document)\b",
        r"<\s?/?\s?(?:draft|system|instructions?|prompt|user|assistant)\b|<\||\[/?inst\]",
        r"#{2,} ?(?:instruction|system|response)",
        rf"\b(?:verdicts?|kind|confidence|pillar)\b[\"']?\s?[:=]\s?{_VALUE}",
        r"\bquote\b[\"']?\s?[:=]\s?[\"'\[{]",
    )
)


def is_order(text: str) -> bool:
    """Whether `text`, a line of at most some hundred characters, reads as an order to a model."""
    folded = text.casefold()
    return any(order.search(folded) for order in _ORDERS)
