"""Languages by LanguageTool's codes: which are read, and which are known and left alone."""

from __future__ import annotations

from collections.abc import Mapping

AUTO = "auto"
DEFAULT = "en-US"
UNKNOWN = "und"
"""BCP 47's code for a language that couldn't be told."""

READ: Mapping[str, str] = {
    "en": "English",
    "en-AU": "English (Australian)",
    "en-CA": "English (Canadian)",
    "en-GB": "English (GB)",
    "en-NZ": "English (New Zealand)",
    "en-US": "English (US)",
    "en-ZA": "English (South African)",
}
_BY_CASE = {code.lower(): code for code in READ}
_LEFT_ALONE = frozenset(
    "ar ast be br ca crh da de el eo es fa fr ga gl he hi it ja km ko lt ml nl no pl pt ro ru sk sl sr sv ta tl tr uk "
    "zh".split()
)


def known(code: str) -> str | None:
    """The code as LanguageTool writes it; None if there is no such language."""
    said = code.strip().replace("_", "-").lower()
    if said == AUTO:
        return AUTO
    if said in _BY_CASE:
        return _BY_CASE[said]
    base, _, region = said.partition("-")
    if base not in _LEFT_ALONE or not (region.replace("-", "").isalnum() or region == ""):
        return None
    return f"{base}-{region.upper()}" if len(region) == 2 else said


def preferred(variants: str) -> str:
    """The English among a user's preferred variants."""
    for variant in variants.split(","):
        code = known(variant)
        if code in READ:
            return str(code)
    return DEFAULT
