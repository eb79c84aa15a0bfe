"""Words that tell how two lines stand to each other: housekeeping, pull and push, feeding and needing."""

from __future__ import annotations

from app.coach.words import Lexicon, phrases

GENERIC = phrases(
    "release, releases, released, releasing, create, created, creating, define, defined, develop, developed, launch",
    "launched, build, built, building, implement, implemented, deliver, delivered, ship, shipped, publish, published",
    "provide, provided, make, makes, made, making, get, gets, getting, set, setup, do, does, done, doing, start",
    "started, run, running, use, uses, used, using, plan, planned, prepare, support, supported, supports, ensure",
    "enable, enabled, add, added, complete, completed, finish, finished, identify, understand, analyse, analyze",
    "research, review, strategy, project, projects, initiative, initiatives, process, version, new, key, way, ways",
    "can, could, may, must, should, would, them, they, it, its, other, others, another, some, any, no, not, non, non-",
    "so, also, only, both, via, into, onto, out, off, if, then, when, while, where, which, who, whose, what, how",
    "able, available, ready, live, place, good, great, best, well, real, full, clear, right, own, same, different",
    "first, second, third, next, last, one, two, three, least, main, top, whole, part, stuff, thing, things, need",
    "needs, needed, want, work, works, working, help, hit, target, targets, goal, goals, objective, result, results",
    "metric, metrics, okr, okrs, kr, quarter, month, week, day, year, today, now, end, date, time, times, team, teams",
    "people, user, users, company, it's, we're, don't, etc, eg, ie, tbd, possible, improve, improvement, increase",
    "through, across, before, after, until, once, under, over, around, against, along, still, even, just, very",
)
"""Words of plans as such: sharing them says nothing about what a line is about."""

HOUSEKEEPING = {
    "hiring": Lexicon(
        phrases(
            "hire, hires, hired, hiring, recruit, recruits, recruiting, recruitment, headcount, vacancy, vacancies",
            "open positions, open roles, backfill, onboard, onboarding new hires, interview, interviews, candidates",
        )
    ),
    "writing": Lexicon(
        phrases(
            "document, documents, documented, documentation, docs, handbook, playbook, playbooks, runbook, runbooks",
            "write up, wiki, guide, guidelines, roadmap, strategy document, strategy page, process page",
        )
    ),
    "training": Lexicon(
        phrases(
            "train, trained, training, trainings, course, courses, certification, certifications, certified, workshop",
            "workshops, learning, mentoring, mentor, upskill, lunch and learn, brown bag",
        )
    ),
    "testing": Lexicon(
        phrases(
            "test coverage, code coverage, coverage, unit tests, flaky, tests, technical debt, tech debt, refactor",
            "lint, linting, static analysis, ci, build time, pipeline duration, type coverage",
        )
    ),
    "operating": Lexicon(
        phrases(
            "on-call, on call, oncall, incidents, uptime, availability, slo, slos, sla, error budget, alerts, paging",
            "post-mortem, post mortems, backlog, triage",
        )
    ),
    "people": Lexicon(
        phrases(
            "engagement, engagement survey, one-on-ones, 1:1, career, careers, retention of staff, absence, sickness",
            "sick days, morale, team health, attrition, turnover, okr, okrs, retrospective, retrospectives, offsite",
        )
    ),
    "budget": Lexicon(phrases("budget, budgets, overspend, spend within, travel budget, overtime, cost centre")),
    "speaking": Lexicon(
        phrases(
            "blog post, blog posts, talk, talks, conference, conferences, webinar, webinars, meetup, meetups",
            "newsletter, podcast, articles, posts",
        )
    ),
}
"""Kinds of work that every team does for itself."""

OWN = Lexicon(phrases("our team, our own, within the team, in our team, our section, our department, own, team's"))

UP = Lexicon(
    phrases(
        "increase, increases, raise, grow, grows, growing, expand, expands, double, triple, add, adds, more, extend",
        "lift, boost, scale, open, opens, hire, launch, launches, widen, broaden, longer, extra, additional, new",
        "up, build out, rise, accept, introduce, keep, retain, publish, all, every, unlimited, quadruple, higher",
    )
)
DOWN = Lexicon(
    phrases(
        "reduce, reduces, cut, cuts, lower, decrease, drop, shrink, fewer, less, halve, remove, retire, retired",
        "close, closed, shut, shut down, sunset, deprecate, stop, freeze, cap, capped, limit, limited, restrict",
        "ban, consolidate, merge, down, eliminate, end, phase out, turn off, delete, block, blocked, single, one",
        "no more than, without, no, zero, trim, save, saving, slash, decommission, drop support, pull out",
    )
)
SPEED = Lexicon(
    phrases(
        "faster, speed, quick, quicker, quickly, daily, same day, same-day, within, hours, days, lead time, cycle time",
        "time to, instantly, immediately, self-serve, self-service, without approval, without review, ship, release",
        "continuous, on demand, weekly releases, one click, skip, straight to",
    )
)
GATE = Lexicon(
    phrases(
        "approval, approvals, approve, approved, review, reviewed, reviews, sign-off, sign off, signed off, gate",
        "gates",
        "check, checks, checked, audit, audited, compliance, second pair of eyes, two people, board, freeze, window",
        "manual, mandatory, must, policy, inspection, verification, verified, committee, restrict, lock, locked",
    )
)
CENTRAL = Lexicon(
    phrases(
        "central, centralise, centralised, centralize, centralized, single, one platform, standard, standardise",
        "standardize, shared service, consolidate, uniform, common, company-wide, one tool, same",
    )
)
LOCAL = Lexicon(
    phrases(
        "own, autonomy, autonomous, each team, every team, local, locally, choose, chooses, their own, decentralise",
        "decentralize, independent, independently, regional, site, sites, freedom, custom, bespoke",
    )
)
NEEDING = Lexicon(
    phrases(
        "using, use, uses, based on, built on, on top of, via, through, once, after, when, with the, from the",
        "depends on, relies on, powered by, fed by, consume, consumes, integrate, integrates, migrate to, moved to",
        "run on, runs on, adopt, adopts, read from, reads from, switch to, switched to, take from, provided by, pulls",
        "off the back of, out of the, by means of, linked to, as soon as",
    )
)
FEEDING = Lexicon(
    phrases(
        "deliver, delivers, delivered, ship, shipped, publish, published, available, ready, live, release, released",
        "api, apis, sdk, dataset, data set, feed, pipeline, platform, service, tool, library, model, dashboard, schema",
        "contract, licence, approval, report, list, training, certificate, stock, site, building, equipment, in place",
        "hand over, handed over, provide, provides, supply, supplies, expose, exposed, build, built, finish, complete",
    )
)

STOPPING = Lexicon(
    phrases(
        "no, none, not, never, nobody, without, ended, ends, end, dropped, drop, drops, closed, closes, close, shut",
        "removed, remove, retired, abolished, gone, off, withdrawn, stopped, stops, stop, frozen, freeze, banned, ban",
        "cancelled, deleted, emptied, sold, delayed, postponed, capped, cap, at most, no more than, limit, limits",
        "limited, cut, cuts, trimmed, scrapped, deprecated, deprecate, turned off, switched off, moved out, ditched",
        "halved, fewer, less, minus, only, instead of",
    )
)
KEEPING = Lexicon(
    phrases(
        "every, each, all, always, kept, keep, keeps, keeping, stays, stay, promised, promise, guaranteed",
        "guarantee, any, everyone, everybody, round the clock, daily, free, unlimited, open, opens, back, extended",
        "extend, longer, more, raised, raise, new, launch, launched, live, still, continue, continued, remain",
        "remains, retained, retain, double, doubled, grow, grown, extra, additional, add, added, introduce",
        "introduced, again, wherever, anyone",
    )
)
