"""A little English: plurals, participles, and which way a measure gets better."""

from __future__ import annotations

from typing import Final

from app.coach.words import Lexicon, phrases, split_words

PEOPLE: Final = phrases(
    "people, users, staff, customers, clients, patients, children, parents, pupils, students, women, men, girls",
    "boys, guests, tenants, residents, citizens, participants, applicants, agents, families, colleagues, employees",
    "shoppers, volunteers, candidates, journalists, artists, scientists, analysts, researchers, consultants",
    "accountants, nurses, merchants, influencers, partners, developers, engineers, teachers, drivers, managers",
    "leaders, members, workers, farmers, carers, players, buyers, sellers, suppliers, stakeholders, officers",
    "designers, learners, viewers, readers, listeners, subscribers, followers, visitors, investors, directors",
    "doctors, sponsors, donors, mentors, attendees, contributors, maintainers, operators, newcomers, joiners",
    "starters, leavers, riders, passengers, hires, sourcers, recruiters, professors, speakers, authors, experts",
    "founders, executives, trainees, apprentices, interns, advisors, advisers, ambassadors, champions, evangelists",
    "publishers, analysts, freelancers, contractors, teachers, kids, neighbours, neighbors, servants, juniors, seniors",
)
GROUPS: Final = phrases(
    "teams, squads, companies, firms, accounts, organisations, organizations, departments, shops, schools, hospitals",
    "clubs, bakeries, clinics, branches, stores, offices, communities, households, merchants, agencies, universities",
    "groups, startups, enterprises, businesses, publishers, sites",
)
_BETTER_DOWN: Final = Lexicon(
    phrases(
        "unsubscribe, unsubscribes, size, memory, disk, length of stay, broken, breaches, gaps, warnings, "
        "faults, dropped",
        "churn, attrition, turnover of staff, staff turnover, cost, costs, spend, spending, burn, expenses, time",
        "times, latency, delay, delays, lead time, cycle time, p50, p90, p95, p99, downtime, outage, outages",
        "incident, incidents, error, errors, defect, defects, bug, bugs, complaint, complaints, ticket, tickets",
        "backlog, queue, waiting, wait, rework, scrap, waste, returns, refunds, absence, absenteeism, overtime",
        "accidents, injuries, risk, risks, debt, cancellations, cancelled, no shows, abandonment, abandoned, bounce",
        "escalations, reopened, failures, failure, failed, crashes, crash, regressions, emissions, energy use",
        "vulnerabilities, alerts, findings, mistakes, losses, late, overdue, outdated, stale, missed, unresolved",
        "duplicates, response, mttr, hours, days, minutes, effort, issues, problems, rollbacks, drop off, drop offs",
        "dropouts, lost, handling, delivery time, days to, fees",
    )
)
_BETTER_UP: Final = Lexicon(
    phrases(
        "uptime, retention, availability, on time, in time, first time, resolved, solved, fixed, answered, saved",
        "response rate, reply rate, retained, without, compliance, billable hours, time saved, volunteer hours",
        "opening, uninterrupted, return rate of customers, delivered, within, closed, renewed, renewals, returning",
        "success",
    )
)
_BIGGER: Final = Lexicon(
    phrases(
        "satisfaction, nps, net promoter, csat, revenue, arr, mrr, income, sales, margin, profit, attendance",
        "conversion, accuracy, adoption, engagement, activation, loyalty, trust, quality, coverage, productivity",
        "utilisation, utilization, throughput, yield, availability, footfall, visitors, subscribers, members, donors",
        "active users, customers, win rate, pass rate, take up, uptake, open rate, click through, click through rate",
        "fill rate, hit rate, nrr, arpu, mau, dau, wau, otif, on time delivery, reach, sign ups, completion, placement",
    )
)
_IRREGULAR_PLURALS: Final = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "inquiry": "inquiries", "staff": "staff",
    "analysis": "analyses", "criterion": "criteria", "half": "halves", "data": "data", "feedback": "feedback",
}  # fmt: skip
IRREGULAR: Final = {
    "answer": "answered", "pay": "paid", "send": "sent", "make": "made", "do": "done", "have": "had", "give": "given",
    "hold": "held", "meet": "met", "keep": "kept", "write": "written", "run": "run", "get": "got", "tag": "tagged",
    "ship": "shipped", "submit": "submitted", "begin": "begun", "bring": "brought", "build": "built", "hit": "hit",
    "find": "found", "take": "taken", "leave": "left", "close": "closed", "plan": "planned", "map": "mapped",
    "set": "set", "read": "read", "cut": "cut", "put": "put", "let": "let", "stop": "stopped", "teach": "taught",
    "see": "seen", "know": "known", "speak": "spoken", "win": "won", "lead": "led", "grow": "grown", "tell": "told",
    "think": "thought", "buy": "bought", "sell": "sold", "feel": "felt", "lose": "lost", "draw": "drawn",
    "drive": "driven", "choose": "chosen", "fall": "fallen", "hear": "heard", "lend": "lent", "rise": "risen",
    "say": "said", "seek": "sought", "shut": "shut", "spend": "spent", "split": "split", "spread": "spread",
    "stand": "stood", "throw": "thrown", "understand": "understood", "wear": "worn", "withdraw": "withdrawn",
    "catch": "caught", "feed": "fed", "show": "shown", "drop": "dropped", "scan": "scanned", "log": "logged",
    "trim": "trimmed", "swap": "swapped", "equip": "equipped", "refer": "referred", "transfer": "transferred",
    "admit": "admitted", "commit": "committed", "permit": "permitted", "quit": "quit", "rebuild": "rebuilt",
    "undergo": "undergone", "oversee": "overseen", "rewrite": "rewritten", "go": "gone", "come": "come",
}  # fmt: skip


def better_down(phrase: str) -> bool:
    """Whether what `phrase` measures gets better by falling."""
    words = split_words(phrase)
    return _BETTER_DOWN.within(words) and not _BETTER_UP.within(words)


def better_up(phrase: str) -> bool:
    """Whether what `phrase` measures is known to get better by rising."""
    words = split_words(phrase)
    return (_BETTER_UP.within(words) or _BIGGER.within(words)) and not _BETTER_DOWN.within(words)


def plural(noun: str) -> str:
    """The plural of the last word of `noun`."""
    head, _, last = noun.rpartition(" ")
    lower = last.lower()
    if lower in _IRREGULAR_PLURALS:
        many = _IRREGULAR_PLURALS[lower]
    elif is_plural(lower):
        many = last
    elif lower.endswith("y") and lower[-2:-1] not in tuple("aeiou"):
        many = last[:-1] + "ies"
    elif lower.endswith(("s", "x", "z", "ch", "sh")):
        many = last + "es"
    else:
        many = last + "s"
    return f"{head} {many}".strip()


def singular(noun: str) -> str:
    """The last word of `noun` in the singular."""
    head, _, last = noun.rpartition(" ")
    lower = last.lower()
    reverse = {many: one for one, many in _IRREGULAR_PLURALS.items()}
    if lower in reverse:
        one = reverse[lower]
    elif not is_plural(lower):
        one = last
    elif lower.endswith("ies") and len(lower) > 4:
        one = last[:-3] + "y"
    elif lower.endswith(("sses", "xes", "ches", "shes")):
        one = last[:-2]
    else:
        one = last[:-1]
    return f"{head} {one}".strip()


def is_plural(word: str) -> bool:
    """Whether `word`, lower case, looks like a plural."""
    return word in _IRREGULAR_PLURALS.values() or (
        len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "ous", "news", "sales"))
    )


def participle(verb: str) -> str:
    """The past participle of an infinitive, lower case."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ied"
    return verb + "ed"


def base_form(verb: str) -> str:
    """The infinitive of a verb in the third person singular, lower case: "finds" → "find"."""
    lower = verb.lower()
    known = {"has": "have", "is": "be", "does": "do", "goes": "go"}
    if lower in known or not lower.endswith("s") or lower.endswith("ss"):
        return known.get(lower, lower)
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    return lower[:-2] if lower.endswith(("sses", "ches", "shes", "xes", "zzes")) else lower[:-1]


def relative(noun: str) -> str:
    """The pronoun that refers to `noun`: who for people, that for the rest."""
    return "who" if noun.rpartition(" ")[2].lower() in PEOPLE else "that"


def lower_first(text: str) -> str:
    """`text` as it goes on in a sentence: a plain first word loses its capital, a name or acronym keeps it."""
    first = text.split(" ", 1)[0]
    if len(first) == 1 or (first[:1].isupper() and first[1:].islower()):
        return text[:1].lower() + text[1:]
    return text


def upper_first(text: str) -> str:
    """`text` as it opens a line. A word with capitals of its own ("iOS", "gRPC") stays as it is."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() for c in first[1:]) else text[:1].upper() + text[1:]
