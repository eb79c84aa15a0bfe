"""Pay, a rating or a promotion as the consequence of an OKR.

## Finds

A line that makes money or a career depend on a result: "Sell 40 units to earn the Q3 bonus", "Counts
towards the performance rating", "…otherwise no pay rise", "Get promoted to senior".

It leaves alone lines whose subject is pay itself ("Close the gender pay gap from 9 % to 4 %"), customers'
bonuses and star ratings, sales promotions, and promotions as an outcome for people ("Raise internal
promotions from 10 % to 20 %").

## Why it matters

Whoever is paid for reaching a target sets it low, and has every reason to reach it by other means. With pay
out of the way people dare to aim for what they may miss.

## Do this instead

Take the consequence out, and let the review look at how somebody worked rather than at the score.

Before:

```okr
KR: Sign 30 new schools to unlock the team bonus
```

After:

```okr
KR: Sign 30 new schools by 31 October
```

## Sources

All five source articles warn that a target tied to pay gets sandbagged; Worxmate: use both systems and keep
them apart. Doerr: divorce compensation from OKRs. Google keeps the scores out of performance reviews. Some
firms still pay a share by OKR score, and sales commissions are a world of their own: those are quotas, not
OKRs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_line
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, Match, phrases

REWARDS: Final = phrases(
    "bonus, bonuses, salary, salaries, compensation, pay rise, pay raise, salary increase, salary raise",
    "raise in salary, variable pay, incentive pay, payout, payouts, appraisal, performance rating",
    "performance ratings, performance review, performance reviews, performance evaluation, annual review",
    "promotion, promotions, promoted, sales commission, commission payment, commissions, year end rating",
    "stock options, merit raise, merit raises, merit increase, merit increment, merit pay, pay increment",
    "salary increment, performance pay, performance related pay, rating uplift, pay uplift, wage rise",
)
TIES: Final = phrases(
    "if target, if targets, if the target, if the targets, if we, tied to, linked to, link to, depends on",
    "dependent on, contingent on, conditional on, based on, counts toward, counts towards, count toward",
    "count towards, counts for, determines, determine, affects, feeds into, unlock, unlocks, trigger",
    "triggers, qualify for, qualifies for, eligible for, to earn, earns, to get, to receive, to secure",
    "forfeit, lose, loses, or no, otherwise no, no bonus, if missed, if reached, if achieved, if met",
    "if we hit, if we reach, if hit, when reached, when achieved, on completion, for full, for the full",
    "for their, for my, worth of, in exchange for, as a reward, rewarded with, pays out, is paid",
    "will be paid, to be considered for",
)
# Their bonus is part of the offer.
BENEFICIARIES: Final = phrases(
    "customer, customers, client, clients, user, users, player, players, guest, guests, subscriber",
    "subscribers, shopper, shoppers, buyer, buyers, friend, friends, member, members, tenant, tenants",
    "insured, saver, savers",
)
# In these the word is something else, or the subject of the work.
SUBJECTS: Final = phrases(
    "referral bonus, sign up bonus, signup bonus, welcome bonus, loyalty bonus, customer bonus",
    "bonus points, bonus track, bonus program, bonus programme, bonus scheme, bonus system",
    "bonus payments, salary bands, salary benchmark, salary survey, salary payments, salary data",
    "salary review process, promotion code, promotion codes, sales promotion, sales promotions",
    "price promotion, price promotions, promotion of, promotion campaign, promotions team",
    "compensation claims, compensation fund, carbon compensation, compensation for, promotion rate",
    "internal promotions, promotion criteria, promotion process, performance review process",
    "performance review tool, performance reviews done, health promotion, bonus malus, insurance payout",
    "insurance payouts, payout time, payouts to, signing bonus",
)
PROMOTED: Final = phrases(
    "get promoted, be promoted, getting promoted, earn a promotion, earn promotion, get a raise",
    "get a pay rise",
)
EARNING: Final = phrases(
    "get, gets, receive, receives, earn, earns",
)
EARNED: Final = phrases(
    "gets bonus, gets a bonus, gets the bonus, get bonus, get a bonus, get the bonus, get our bonus",
    "get their bonus, receives a bonus, receive a bonus, receive the bonus, earns a bonus",
    "bonus for everyone",
)

_REWARDS: Final = Lexicon(REWARDS)
_TIES: Final = Lexicon(TIES)
_SUBJECTS: Final = Lexicon(SUBJECTS)
_BENEFICIARIES: Final = Lexicon(BENEFICIARIES)
_PROMOTED: Final = Lexicon(PROMOTED)
_EARNING: Final = Lexicon(EARNING)
_EARNED: Final = Lexicon(EARNED)
_NEAR: Final = 5


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    words = line.words
    promoted = _PROMOTED.first(words)
    if promoted and promoted.position <= 1:
        yield _hit(line, promoted)
        return
    if not _REWARDS.within(words) or _BENEFICIARIES.within(words):
        return
    if earned := _EARNED.first(words):
        yield _hit(line, earned)
        return
    subjects = {match.position for match in _SUBJECTS.find(words)}
    ties = [(match.position, match.position + match.length) for match in _TIES.find(words)]
    reach = {at for begin, end in ties for at in range(begin - _NEAR, end + _NEAR)}
    for match in _REWARDS.find(words):
        is_subject = any(at in subjects for at in range(match.position - 1, match.position + match.length))
        earned_here = _EARNING.within(words[max(0, match.position - 4) : match.position])
        if not is_subject and (match.position in reach or earned_here):
            yield _hit(line, match)
            return


def _hit(line: LineView, match: Match) -> Hit:
    quote = line.text[match.start : match.end]
    return Hit(
        line,
        match.start,
        match.end,
        f"“{quote}” makes money or a career depend on this, and whoever is paid for a target sets it low.",
    )


RULE = Rule(
    id="tied-to-pay",
    severity=Severity.ERROR,
    message="This makes pay, a rating or a promotion depend on the result.",
    question="What target would you dare to set if nobody's money hung on it?",
    check=each_line(_check),
)
