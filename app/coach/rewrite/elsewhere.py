"""Settings, such as a shop or a hospital, that an outcome of the map may speak of and a draft may be far from."""

from __future__ import annotations

import re
from typing import Final

from app.coach.words import Lexicon, phrases, split_words

_TRADE: Final = (
    "order shop store sale sell buy customer retail revenue basket market price product goods brand trade catalog menu "
    "dealer deliver supplier client wholesale checkout deal guest restaurant bak food season farm"
)
_SETTINGS: Final = (
    ("order, orders, basket, baskets, margin, shopper, shoppers, intent to buy", _TRADE),
    ("guest, guests", "guest hotel restaurant visit stay table room event party dinner book"),
    ("guest articles", "guest"),
    ("agency", "agenc temp contractor freelanc locum"),
    ("between groups, groups rare", "divers gender women race inclu minorit equal fair bias background group"),
    ("customer, customers", "customer client user account buyer product sale sell market service support launch"),
    ("trainees, pupils, pupil", "pupil school class student child train teach learn course lesson apprentic"),
    ("patients", "patient clinic hospital ward care nurs doctor health pain surg therap"),
)
_SPEAKS: Final = tuple(Lexicon(phrases(words)) for words, _ in _SETTINGS)
_SIGNS: Final = tuple(re.compile(rf"\b(?:{'|'.join(signs.split())})", re.IGNORECASE) for _, signs in _SETTINGS)


def is_elsewhere(outcome: str, draft: str) -> bool:
    """Whether an outcome speaks of a setting of which the draft, line and objective, shows no sign."""
    words = split_words(outcome)
    return any(speaks.within(words) and not signs.search(draft) for speaks, signs in zip(_SPEAKS, _SIGNS, strict=True))
