"""Whether a text is English: the critics learnt nothing else.

Small words give a language away. Those that English shares with another language ("in", "die", "an") count for
neither side, nor do abbreviations ("form ET"), and a text without any of them gets the benefit of the doubt: a
false "not English" would silence the critics on good English fragments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_READ = 4_000
ENOUGH = 2
SENTENCE = 5
FOREIGN_SHARE = 0.5

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_ENGLISH = frozenset(
    "the of and to for with from by our their we they is are be by at this that it every each all than more less "
    "least not no who when which will have has without within into over under before after between "
    "where never how if so up out one two three four five first new own".split()
)

# Words of other languages that English texts hold as well, in names or by chance.
_SHARED = frozenset(
    "van met die den des mit bis war und de la las los el da do e y en un una con di li av ei till les".split()
)

_FOREIGN = (
    frozenset(
        # German, Dutch
        "der das und ist nicht mit von für auf den dem des ein eine einen einer wir zu bei auch sich werden wird "
        "unsere unser unseren unserer als mehr nach über durch zum zur vom im bis jede jeder "
        "jedes alle ohne sind haben ihre "
        "het een van voor niet met zijn onze wij naar meer dan aan bij ook elke hun zonder de "
        # French, Spanish, Portuguese, Italian
        "le la les des du et est une pour dans avec sur nous nos notre leur leurs aux chaque par moins sans souvent "
        "el los las del una para por con nuestro nuestra nuestros nuestras sus más cada sin desde hasta y en "
        "os dos das um uma não nossa nosso nossos nossas ao aos mais seu sua "
        "il lo gli di che e un nel nella della delle dei con nostro nostra nostri ogni più "
        # Swedish, Danish, Norwegian, Finnish
        "och att det för av på är inte våra vår med till från som ett og til fra ikke vores våre ja ei ovat "
        # Polish, Czech, Turkish
        "nie się jest oraz dla przez naszych nasz že jsou bir için bu ile daha".split()
    )
    - _SHARED
    - _ENGLISH
)


def is_english(texts: Iterable[str]) -> bool:
    """Whether `texts`, taken together, read as English as far as can be told."""
    text = " ".join(text[:LONGEST_READ] for text in texts)[:LONGEST_READ]
    written = _WORD.findall(text)
    words = [word.lower() for word in written]
    letters = sum(len(word) for word in words)
    if letters and sum(not _latin(c) for word in words for c in word) > FOREIGN_SHARE * letters:
        return False
    english = sum(word in _ENGLISH for word in words)
    foreign = [word.lower() for word in written if word.lower() in _FOREIGN and (text.isupper() or not word.isupper())]
    if not english and len(words) >= SENTENCE:
        return not foreign
    return len(set(foreign)) < ENOUGH or len(foreign) <= english


def _latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")
