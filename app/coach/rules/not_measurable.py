"""A key result that only states a wish, so that nobody outside the team could say how far it got.

## Finds

A key result with no number, no threshold and no end state that evidence could settle: "Improve the
documentation", "More engaged volunteers", "Become the first choice for bakeries", "New staff feel
confident". It looks for words that set a direction and stop there, so a line is flagged only when such
words carry it. Also people who like, ask, know or use something without a word on how many of them ("Drivers
like the new shift plan"), a trend without a size ("complaints way down"), and an end still to be named ("conversion
from 12 % to TBD").

It leaves alone whatever a stranger could check: a number (redacted ones too), a comparison with something
known ("below the industry average"), and anything that is either done or not ("Audit report issued", "Price
list published"). Such a line may be an activity, which is another finding. `vague-wording` may
point at the word in the same line: this finding asks for a measure, that one for plainer words.

## Why it matters

Three people will score such a line three ways at the end of the quarter, and no weekly check-in can tell
whether it moves. Usually the team does have something in mind; it just hasn't written it down yet.

## Do this instead

Ask what you would look at to see the difference, then write down that figure and where it should stand. If
the figure isn't known yet, leave a blank and make finding it out your first step.

Before:

```okr
KR: Improve our onboarding for new drivers
```

After:

```okr
KR: Raise the share of new drivers who finish their first week unaided from 55 % to 75 % by the end of June
```

## Sources

Doerr, quoting Marissa Mayer at Google: without a number it isn't a key result. Tesoract: "improve
satisfaction" sets a direction; an OKR adds what is measured, from where to where, by when. Lamorte and
Google's own playbook also accept a milestone without a number if anyone can check that it was reached, and
so does this rule; Gothelf accepts neither and asks for a change in behaviour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.orders import is_order
from app.coach.rules.kinds import each_key_result
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, Match, phrases

NOT_KNOWN_YET: Final = phrases(
    "tbd, tbc, tba, to be defined, to be determined, to be decided, to be confirmed, to be measured, to be set",
)
LEAD_INS: Final = phrases(
    "we, we'll, will, to, and, also, then, further, continue, continuously, keep, help, please, should",
    "must, aim, try, strive, want, need, significantly, substantially, drastically, dramatically, greatly",
    "considerably, successfully, constantly, consistently, generally, overall, collectively, jointly",
    "having, our, the, a, an",
)
WISH_VERBS: Final = phrases(
    "improve, improves, improving, improved, enhance, enhances, enhancing, enhanced, optimise, optimises",
    "optimising, optimised, optimize, optimizes, optimizing, optimized, increase, increases, increasing",
    "increased, grow, grows",
    "growing, boost, boosts, boosting, boosted, strengthen, strengthens, strengthening, strengthened",
    "raise, raising, elevate, elevating, deepen, deepening, accelerate, accelerating, streamline",
    "streamlining, simplify, simplifying, reduce, reduces, reducing, reduced, decrease, decreases",
    "decreasing, decreased, lower, lowering, minimise, minimising, minimize, minimizing, maximise",
    "maximising, maximize, maximizing, foster, fostering, nurture, nurturing, cultivate, cultivating",
    "uplift, understand, understanding, speed up, level up, step up, scale up, focus on, focusing on",
    "work on, working on, get better at, do better at, drive engagement, drive adoption, drive growth",
    "drive awareness, drive innovation, drive usage, drive demand, drive value, build awareness",
    "build trust, build momentum, build a culture, create awareness, create a culture, raise awareness",
    "spread awareness, expand our reach, expand our presence, expand awareness, show that, show how much",
    "demonstrate that, develop deeper, develop better, develop stronger, develop closer, gain deeper, gain better",
    "gain more, achieve better, achieve greater, achieve higher, achieve stronger, show more, show greater",
)
COMPARATIVES: Final = phrases(
    "more, better, easier, faster, happier, stronger, higher, simpler, smoother, healthier, cheaper",
    "safer, clearer, quicker, greater, smarter, leaner, closer, fewer, less, tighter, deeper, friendlier",
    "lower, shorter, longer, larger, bigger, smaller, shallower, calmer, warmer, quieter, richer, lighter",
)
# Praise that names no figure: "have a quick process", "positive reaction".
EVALUATIONS: Final = phrases(
    "quick, fast, smooth, good, great, strong, positive, nice, healthy, solid, efficient, seamless, excellent",
    "high quality, best possible",
)
LINKING_VERBS: Final = phrases(
    "be, being, become, becomes, becoming, make, makes, making, get, gets, getting, have, has, feel",
    "feels, is, are, remain, stay, establish, position, see",
)
STATES: Final = phrases(
    "happy, satisfied, aligned, engaged, motivated, empowered, delighted, proud, inspired, excellent",
    "successful, confident, loved, trusted, respected, well known, up to speed, on the same page",
)
AIMS: Final = phrases(
    "world class, best in class, first class, market leader, industry leader, thought leader",
    "thought leadership, household name, top of mind, default choice, first choice, employer of choice",
    "partner of choice, place to be, great place to work, go to place, go to resource, go to source",
    "go to partner, go to tool, go to platform, center of excellence, centre of excellence",
)
# In a statement ("new joiners can confidently…") these say that nobody is to check.
SOFT_WORDS: Final = phrases(
    "we feel, feels like, feel like, feels right, confidently, with confidence, meaningfully",
    "steady growth, growing engagement, growing interest, significant growth, significant amount",
    "significant amounts, significant increase, noticeably, visibly, positive feedback, good feedback",
    "great feedback, clear visibility, jealous, excited, love, loves, easily, effortlessly, smoothly",
    "seamlessly, well received, knows where, better positioned, well positioned, thriving",
    "strong relationship, strong relationships, positive reaction, positive reactions, positive response",
    "positive responses, good response, good responses, good reactions, great response, positive sentiment",
    "positive impression, good impression, positive experience, good experience, great experience, good reputation",
    "positive mood, good mood, we hear, we notice, we sense, it feels",
)
# The trend is named, its size isn't, wherever it stands in the line.
TRENDS: Final = phrases(
    "way up, way down, way more, way less, a lot more, much more, far more, a lot better, much better, far better",
    "on the up, in the right direction, going up, more than before, more often than before, more and more",
)
# What people do or think when nobody counts how many of them.
PEOPLE: Final = phrases(
    "people, users, staff, customers, clients, patients, children, kids, parents, pupils, students, women, men, girls",
    "boys, guests, tenants, residents, citizens, neighbours, neighbors, participants, applicants, agents, friends",
    "families, colleagues, employees, everyone, everybody, folks, participants, locals, volunteers, candidates",
    "journalists, artists, scientists, analysts, activists, assistants, consultants, accountants, merchants, shops",
    "pubs, schools, hospitals, companies, firms, clubs, dealers, partners, lawmakers, shoppers, devs, press, audience",
    "nurses, coaches, athletes, representatives, executives, apprentices, trainees, trustees, attendees, donors",
    "visitors, investors, directors, doctors, sponsors, editors, authors, tutors, mentors, investigators, inspectors",
    "developers, engineers, teachers, drivers, managers, leaders, members, workers, farmers, carers, players, buyers",
    "sellers, suppliers, stakeholders, officers, designers, planners, shopkeepers, learners, viewers, readers",
    "listeners, subscribers, followers, fans, teams, newcomers, joiners, starters, beginners, leavers, teenagers",
    "retailers, wholesalers, brokers, lawyers, makers, owners, holders, riders, passengers, travellers, campers",
    "runners, rangers, teams, crews, departments, communities, streets, villages, towns, bakeries, cafes",
)
ATTITUDES: Final = phrases(
    "know, like, love, feel, say, ask, tell, trust, quote, recommend, talk, think, believe, enjoy, prefer, want",
    "understand, appreciate, value, care, notice, respect, remember, identify, use",
)
OPINIONS: Final = phrases(
    "know, feel, say, think, believe, love, trust, ask",
)
# A line that opens with these is work, whatever it ends with ("print the labels larger").
WORK: Final = phrases(
    "add, adjust, arrange, ask, begin, build, buy, change, check, choose, collect, create, cut, define, design, do",
    "document, draft, draw, find, fix, give, hang, hire, hold, host, install, introduce, invite, launch, let",
    "list, make, migrate, move, offer, open, order, paint, pick, plan, plant, post, prepare, print, produce",
    "provide, publish, put, redesign, release, remove, rename, rent, replace, research, review, rewrite, roll",
    "run, send, set, ship, show, start, stop, switch, teach, test, train, try, turn, upgrade, use, visit, write",
)
# "All", "both" and their like say how many, and "can" and "may" name what was built for them.
COUNTED_PEOPLE: Final = phrases(
    "all, every, each, both, most, no, nobody, can, may, could, will be able, ten, twenty, any, same, when, if, before",
    "after, within, once, where, through, via, only, first, that, which, who, whose, what, number, share, per, count",
    "percentage, rate, ratio, average, median",
)
STATEMENT_OPENERS: Final = phrases(
    "we, we've, we're, i, it, this, they, there, everyone, everybody, people, users, customers, clients",
    "teams, members, employees, patients, students, guests, partners, the, our, new, all, every, each",
    "positive, steady, growing, good",
)
# What makes a line checkable although it holds no number.
YARDSTICKS: Final = phrases(
    "parity, benchmark, benchmarks, baseline, majority, zero, none, nobody, nothing, doubled, tripled",
    "halved, breakeven, break even, thousands, hundreds, dozens, millions, until, unless, without, never",
    "record, budget, sla, only, industry average, market average, national average, than last",
    "than the last, than in, than the previous, than before, than any, than our, than the, last year's",
    "last quarter's, previous year, previous quarter, no more, more than, less than, fewer than",
    "order of magnitude, legal limit, so that, such that, so every, so all, in half, half of, most of",
    "to show, to support, to include, to be able, to handle, to allow",
)
END_STATES: Final = phrases(
    "published, issued, signed, live, released, shipped, certified, approved, deployed, launched, adopted",
    "completed, documented, accepted, merged, installed, opened, passed, passes, removed, retired",
    "audited, available, in production, in place, in use, rolled out",
)
# "Raise a seed round" and "lower the deposit" are done or not done.
ONE_OFF_OBJECTS: Final = phrases(
    "price, prices, fee, fees, fare, fares, rent, rents, funding, fund, seed, series, round, capital",
    "investment, grant, loan, limit, limits, quota, quotas, cap, caps, deposit, wage, wages, into",
)

_WISH_VERBS: Final = Lexicon(WISH_VERBS)
_COMPARATIVES: Final = Lexicon(COMPARATIVES)
_STATES: Final = Lexicon(STATES)
_AIMS: Final = Lexicon(AIMS)
_EVALUATIONS: Final = Lexicon(EVALUATIONS)
_OPINIONS: Final = Lexicon(OPINIONS)
_TRENDS: Final = Lexicon(TRENDS)
_PEOPLE: Final = Lexicon(PEOPLE)
_ATTITUDES: Final = Lexicon(ATTITUDES)
_COUNTED_PEOPLE: Final = Lexicon(COUNTED_PEOPLE)
_SOFT_WORDS: Final = Lexicon(SOFT_WORDS)
_CHECKABLE: Final = Lexicon(YARDSTICKS | END_STATES)
_OPEN: Final = Lexicon(NOT_KNOWN_YET)
_LEADING_TO: Final = (" to", "→", "->", "target", "target:")
_NEAR: Final = 7
_PLACING: Final = phrases("in, at, from, on, with, of, around, across")
_SUBJECT: Final = 3
_LONGEST_STATEMENT: Final = 14
ORDER_LENGTH: Final = 2_000


def wish(line: LineView) -> Match | None:
    """The words that make `line` a mere wish, if nothing in it could be checked."""
    words = line.words
    if line.measure.quantities or not words:
        return None
    if trend := _TRENDS.first(words):
        return trend
    if _CHECKABLE.within(words):
        return None
    at = 0
    while at < len(words) and words[at].text in LEAD_INS:
        at += 1
    if length := _opening_wish(line, at):
        after = words[at + length : at + length + 4]
        # "Better insight into …" opens no market, "expand into …" does.
        entered = {"into"} if not _WISH_VERBS.at(words, at) else set()
        one_off = any(word.text in ONE_OFF_OBJECTS and word.text not in entered for word in after)
        if one_off or _says_how(line, at):
            return None
        return _match(line, at, length)
    soft = words[0].text in STATEMENT_OPENERS and not _says_how(line, at)
    return _stated_wish(line, at) or (_SOFT_WORDS.first(words) if soft else None) or _attitude(line)


def _open_end(line: LineView) -> Match | None:
    """Words for "not known yet" where the target belongs; a baseline or an owner may still be open."""
    for found in _OPEN.find(line.words):
        if line.text[: found.start].lower().rstrip().endswith(_LEADING_TO):
            return found
    return None


def _attitude(line: LineView) -> Match | None:
    """People who like, ask or know, or a subject that gets to be more so, without a count of them."""
    words = line.words
    if len(words) > _LONGEST_STATEMENT or words[0].text in WORK:
        return None
    if len(words) > 2 and (compared := _COMPARATIVES.first(words[-2:])):
        return _match(line, len(words) - 2 + compared.position, compared.length)
    counted = _COUNTED_PEOPLE.first(words)
    for at in range(min(_SUBJECT, len(words) - 1)):
        if not _PEOPLE.at(words, at) or not _adjoins(line, at):
            continue
        if not counted and _ATTITUDES.at(words, at + 1) and not line.text[words[at + 1].start].isupper():
            return _match(line, at + 1, 1)
        if words[at + 1].text in _PLACING:  # people in the north know …
            opinion = _OPINIONS.first(words[at + 2 : at + 2 + _SUBJECT])
            return None if counted and opinion and counted.start < opinion.start else opinion
    return None


def _adjoins(line: LineView, at: int) -> bool:
    return line.text[line.words[at].end : line.words[at + 1].start].isspace()


def _stated_wish(line: LineView, opening: int) -> Match | None:
    """A linking verb with a vague state near it: "customers are happy", "become the first choice"."""
    words = line.words
    linking = next((i for i in range(opening, min(opening + _NEAR, len(words))) if _links(line, i)), None)
    if linking is None or _says_how(line, linking):
        return None
    near = words[linking + 1 : linking + 1 + _NEAR]
    if linking == opening:
        having = words[linking].text in {"have", "having", "get", "getting"}
        praised = _EVALUATIONS.first(near[:2]) if having else None
        found = _COMPARATIVES.first(near) or _AIMS.first(near) or _STATES.first(near) or praised
    else:
        found = _STATES.first(near[:3]) or _AIMS.first(near)
    return found and _match(line, linking + 1 + found.position, found.length)


def _opening_wish(line: LineView, at: int) -> int:
    """How many words at `at` open a wish; "lower-level" is a kind and "Better Homes" a name, no wishes."""
    words = line.words
    verb = _WISH_VERBS.at(words, at)
    length = verb or _COMPARATIVES.at(words, at)
    for word in words[at + length : at + length + 1] if length else ():
        written = line.text[word.start : word.end]
        capitals = written[0].isupper() and not written.isupper() and line.text[words[at].start].isupper()
        named = capitals and (not verb or words[at].text.endswith("ing"))
        if named or line.text[word.start - 1] == "-":
            return 0
    return length


def _links(line: LineView, index: int) -> bool:
    return line.words[index].text in LINKING_VERBS


def _says_how(line: LineView, at: int) -> bool:
    """Whether a means is named, done or not done: "… by rewriting the install guide"."""
    words = line.words
    return any(
        words[i].text == "by" and words[i + 1].text.endswith("ing") and words[i + 1].text not in WISH_VERBS
        for i in range(at, len(words) - 1)
    )


def _match(line: LineView, index: int, length: int) -> Match:
    found = line.words[index : index + length]
    phrase = " ".join(word.text for word in found)
    return Match(phrase, index, length, found[0].start, found[-1].end)


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    if is_order(line.text[:ORDER_LENGTH]):
        yield Hit(line, message="This speaks to a reader or a tool; it isn't a result that anybody could check.")
    elif found := _open_end(line):
        quote = line.text[found.start : found.end]
        message = f"“{quote}” is where it should end, so nobody will be able to say how far it got."
        yield Hit(line, found.start, found.end, message)
    elif found := wish(line):
        quote = line.text[found.start : found.end]
        yield Hit(
            line,
            message=f"“{quote}” sets a direction but no number or end state, so when the cycle ends nobody "
            "outside the team can say how far it got.",
        )


RULE = Rule(
    id="not-measurable",
    severity=Severity.ERROR,
    message="There is no number, threshold or end state here that a stranger could check.",
    question="What would you look at to see that it worked, and where should that figure stand?",
    check=each_key_result(_check),
)
