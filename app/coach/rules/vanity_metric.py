"""A count of attention or volume that can grow without anybody being better off.

## Finds

A key result that measures impressions, page views, followers, likes, downloads, registered users, lines of
code, story points and their like, as the thing to be moved.

It leaves them alone as the first step of a funnel, when a conversion of theirs is in the same line or
another key result of the same objective states the share that goes on ("40 % of visitors book a tasting");
when they are to go down; when
they only describe a product ("downloads start within two seconds"); and in businesses where people coming
*is* the result, such as visitors to a museum or a clinic.

## Why it matters

These figures go up with the advertising budget, the season or a lucky post. A team that is held to them
buys reach, and what readers then do, which is what pays the bills, goes unwatched.

## Do this instead

Ask what these people should do next, and measure that. If attention really is the bottleneck, keep it and
put the conversion beside it.

Before:

```okr
KR: Grow page views of the recipe blog from 20,000 to 60,000 a month
```

After:

```okr
KR: Raise the share of recipe readers who order the ingredients from 1.5 % to 4 % by the end of August
```

## Sources

KPI guide warns of measures that are kept for their own sake. Gothelf: a result is who does what by how
much, and "engagement" names neither. Ries made the term known for numbers that flatter and guide no
decision. On the other side, media firms rightly call reach a leading measure, as long as something follows
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Direction
from app.coach.rules.kinds import each_okr_or_lone_lines
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule
from app.coach.words import Lexicon, Match, phrases

VANITY: Final = phrases(
    "impressions, page views, pageviews, page impressions, page hits, website views, video views",
    "profile views, followers, likes, retweets, reposts, app downloads, downloads, website visits",
    "web visits, site visits, website visitors, site visitors, web visitors, blog visitors",
    "unique visitors, website traffic, web traffic, site traffic, blog traffic, organic traffic",
    "traffic to our website, traffic to the website, traffic to the site, traffic to our site",
    "traffic to the blog, visits to our website, visits to the website, visitors to our website",
    "visitors to the website, registered users, registered accounts, user registrations, lines of code",
    "loc, story points, velocity points, github stars, social mentions, social media mentions",
    "social reach, social media reach, media impressions, advertising reach, ad clicks",
    "youtube subscribers, social media engagement, post engagement, tweet engagement, views on youtube",
    "linkedin engagement, instagram engagement, facebook engagement, twitter engagement, tiktok engagement",
    "tiktok followers, youtube views, blog views, post views, article views, commits, pull requests opened",
)
COUNTED: Final = phrases(
    "views, visits, visitors, hits, clicks, stars",
)
ONLINE: Final = phrases(
    "website, web, site, blog, page, pages, landing page, homepage, video, videos, youtube, post, posts",
    "article, articles, online, social, linkedin, instagram, tiktok, facebook, twitter, github, podcast",
    "readme, channel, repo, repository, tweet, tweets, reel, reels, vlog",
)
CONVERSION: Final = phrases(
    "conversion, conversions, convert, converts, converted, converting, click through, sign up, sign ups",
    "signups, trial, trials, activate, activated, activation, active, paying, paid, purchase, purchases",
    "buy, buyers, bookings, book, order, orders, ordered, leads, demo, demos, subscribe, subscribers",
    "retention, retained, return, returning, come back, renew, repeat, enquiries, inquiries, applications",
    "donate, donations, donors, qualified, engaged for, finish, install, use, registrations, register",
    "contributors, customers, revenue, sales",
)
CONVERTING: Final = phrases(
    "conversion, conversions, convert, converts, converted, converting, click through",
)
RATIOS: Final = phrases(
    "rate, share, ratio, of visitors, of followers, of views, of downloads, of registered users",
    "per visit, per visitor, per user, per customer, per page, per view, per post, per download",
    "per video",
)
MOVES: Final = phrases(
    "increase, grow, raise, boost, double, triple, get, reach, gain, drive, generate, achieve, hit",
    "attract, more, earn, have, improve, maximise, maximize, up, deliver, collect",
)

_VANITY: Final = Lexicon(VANITY)
_COUNTED: Final = Lexicon(COUNTED)
_ONLINE: Final = Lexicon(ONLINE)
_CONVERTING: Final = Lexicon(CONVERTING)
_CONVERSION: Final = Lexicon(CONVERSION)
_RATIOS: Final = Lexicon(RATIOS)
_MOVES: Final = Lexicon(MOVES)
_NEAR: Final = 4


def _check(okr: OkrView, draft: DraftView) -> Iterator[Hit]:
    online = any(_ONLINE.within(line.words) for line in okr.lines)
    found = [(line, match) for line in okr.key_results if (match := _attention(line, online=online))]
    if not found:
        return
    vain = {id(line) for line, _ in found}
    if any(_converts(line) for line in okr.key_results if id(line) not in vain):
        return
    for line, match in found:
        yield Hit(
            line,
            match.start,
            match.end,
            f"“{line.text[match.start : match.end]}” can grow without anybody being better off, and no key "
            "result here says what should come of it.",
        )


def _converts(line: LineView) -> bool:
    """Whether the line says how many of those reached go on: a share, or a word for converting."""
    share = any(quantity.unit == "percent" for quantity in line.measure.quantities) or _RATIOS.within(line.words)
    return _CONVERTING.within(line.words) or (share and line.measure.change is None and _CONVERSION.within(line.words))


def _attention(line: LineView, *, online: bool) -> Match | None:
    """The vain measure that `line` moves, if it has one and no ratio or conversion beside it."""
    measure = line.measure
    if measure.direction in {Direction.DOWN, Direction.KEEP} or any(
        quantity.unit not in {"", "percent", "times"} for quantity in measure.quantities
    ):
        return None
    found = next((match for match in _VANITY.find(line.words) if _is_moved(line, match)), None)
    if not found and online:
        found = next((match for match in _COUNTED.find(line.words) if _is_counted(line, match)), None)
    if not found or _RATIOS.within(line.words):
        return None
    rest = [*line.words[: found.position], *line.words[found.position + found.length :]]
    return None if _CONVERSION.within(rest) else found


def _is_moved(line: LineView, match: Match) -> bool:
    """Whether a verb of growth stands shortly before it, or a figure beside it."""
    before = line.words[max(0, match.position - _NEAR) : match.position]
    return _MOVES.within(before) or _is_counted(line, match)


def _is_counted(line: LineView, match: Match) -> bool:
    """Whether a count precedes it directly ("5,000 page views"), a figure or movement follows ("… from 2k to 5k"),
    or it heads a line that moves ("Followers on the student account from 2k to 5k").
    """
    measure = line.measure
    if match.position <= 1 and (measure.change or (measure.baseline and measure.target)):
        return True
    after = line.words[match.position + match.length : match.position + match.length + 3]
    follows = any(word.text in {"to", "from", "by", "up"} for word in after[:1])
    return any(
        0 <= match.start - quantity.end <= 24
        or 0 <= quantity.start - match.end <= 2
        or (follows and 0 <= quantity.start - match.end <= 16)
        for quantity in line.measure.quantities
    )


RULE = Rule(
    id="vanity-metric",
    severity=Severity.WARNING,
    message="This figure can grow without anybody being better off.",
    question="What should these people do next, and how would you see it?",
    check=each_okr_or_lone_lines(_check),
)
