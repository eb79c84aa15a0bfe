"""Who must talk with whom: topics that several teams share, an owner for each, and who waits for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.coach.likeness import stem
from app.coach.nouns import Okr
from app.coach.overlap.lines import telling
from app.coach.overlap.nouns import Pair, Place, Relation
from app.coach.words import split_words

MOST_LINES = 24
"""A topic with more lines than this is no longer one conversation."""
_LINKED_SHARE = 0.5
_TOPIC_WORDS = 3
_ABOUT_BONUS = 0.75


@dataclass(frozen=True, slots=True)
class Cluster:
    """Lines of several teams about one thing; `owner` is the team that should own it, and `owner_why` says why."""

    teams: tuple[str, ...]
    places: tuple[Place, ...]
    topic: str
    types: tuple[Relation, ...]
    score: float
    owner: str
    owner_why: str


@dataclass(frozen=True, slots=True)
class Need:
    """One edge of the dependency graph: `needs` waits for what `feeds` delivers."""

    needs: Place
    feeds: Place
    needing_team: str
    feeding_team: str
    score: float


def clusters(okrs: Sequence[Okr], related: Sequence[Pair], weigh: Callable[[str], float]) -> list[Cluster]:
    """Topics from related pairs that aren't mere dependencies, the one with most teams first.

    Two groups of lines become one when at least half of the lines between them are related, so that a chain of
    neighbours doesn't tie a whole organisation together.
    """
    pairs = [pair for pair in related if pair.type is not Relation.DEPENDENCY]
    known = {frozenset((pair.a, pair.b)) for pair in pairs}
    home: dict[Place, list[Place]] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair.a, pair.b)):
        one, other = home.setdefault(pair.a, [pair.a]), home.setdefault(pair.b, [pair.b])
        if one is other or len(one) + len(other) > MOST_LINES:
            continue
        linked = sum(frozenset((a, b)) in known for a in one for b in other)
        if linked >= _LINKED_SHARE * len(one) * len(other):
            one.extend(other)
            for place in other:
                home[place] = one
    inside: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if home[pair.a] is home[pair.b]:
            inside[id(home[pair.a])].append(pair)
    groups = {id(group): group for group in home.values()}
    found = [_cluster(okrs, groups[key], own, weigh) for key, own in inside.items()]
    return sorted(found, key=lambda cluster: (-len(cluster.teams), -cluster.score, cluster.places))


def needs(okrs: Sequence[Okr], related: Iterable[Pair]) -> list[Need]:
    """The dependency graph, the surest edge first."""
    edges = []
    for pair in related:
        if pair.type is Relation.DEPENDENCY:
            waiting, feeding = (pair.b, pair.a) if pair.needs == "b" else (pair.a, pair.b)
            edges.append(Need(waiting, feeding, _team(okrs, waiting), _team(okrs, feeding), pair.score))
    return sorted(edges, key=lambda edge: (-edge.score, edge.needs, edge.feeds))


def _cluster(okrs: Sequence[Okr], group: list[Place], pairs: list[Pair], weigh: Callable[[str], float]) -> Cluster:
    places = sorted(group)
    teams = list(dict.fromkeys(_team(okrs, place) for place in places))
    said = Counter(word for place in places for word in telling(_text(okrs, place)))
    shared = sorted(
        (word for word, count in said.items() if count > 1), key=lambda word: (-said[word] * weigh(word), word)
    )
    topic = shared[:_TOPIC_WORDS]
    spoken = {stem(word.text): word.text for place in reversed(places) for word in split_words(_text(okrs, place))}
    owner, reason = _owner(okrs, places, teams, pairs, frozenset(topic))
    return Cluster(
        tuple(teams),
        tuple(places),
        ", ".join(spoken.get(word, word) for word in topic) or _text(okrs, max(pairs, key=_score).a)[:80],
        tuple(sorted({pair.type for pair in pairs})),
        max(pair.score for pair in pairs),
        owner,
        reason,
    )


def _owner(
    okrs: Sequence[Okr], places: Sequence[Place], teams: Sequence[str], pairs: Sequence[Pair], topic: frozenset[str]
) -> tuple[str, str]:
    """The team nearest to the heart of the topic: tied to most of it, and with an objective about it."""
    ties: Counter[str] = Counter()
    for pair in pairs:
        ties[_team(okrs, pair.a)] += pair.score
        ties[_team(okrs, pair.b)] += pair.score
    lines = Counter(_team(okrs, place) for place in places)
    about = {
        team: any(_team(okrs, place) == team and topic & telling(_objective(okrs, place)) for place in places)
        for team in teams
    }
    strength = {
        team: ties[team] / max(1.0, ties.total()) + lines[team] / len(places) + (_ABOUT_BONUS if about[team] else 0.0)
        for team in teams
    }
    best = max(teams, key=lambda team: (strength[team], -teams.index(team)))
    if about[best]:
        return best, f"{best}'s objective is about it."
    if lines[best] > max((lines[team] for team in teams if team != best), default=0):
        return best, f"{best} plans most of it."
    return best, f"{best}'s line is nearest to the others'."


def _team(okrs: Sequence[Okr], place: Place) -> str:
    return okrs[place.okr].team or ""


def _objective(okrs: Sequence[Okr], place: Place) -> str:
    objective = okrs[place.okr].objective
    return objective.text if objective else ""


def _text(okrs: Sequence[Okr], place: Place) -> str:
    return _objective(okrs, place) if place.is_objective else okrs[place.okr].key_results[place.key_result].text


def _score(pair: Pair) -> float:
    return pair.score
