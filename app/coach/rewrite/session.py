"""One request for rewrites: briefs for the writers, and the judgement of what they propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.coach.flow import Coach, look, with_strategy
from app.coach.grade import grade
from app.coach.language import is_english
from app.coach.nouns import Context, Finding, Okr, Target
from app.coach.orders import is_order
from app.coach.profiles import profile
from app.coach.report import Review
from app.coach.rewrite import answers
from app.coach.rewrite.blanks import blanks_in, is_figure
from app.coach.rewrite.guard import Guard
from app.coach.rewrite.nouns import Brief, Candidate, Dropped, Rewrite, Rewritten, Wish
from app.coach.rewrite.questions import questions_of
from app.coach.rewrite.rank import diff, diverse, ranked
from app.coach.rewrite.recheck import LINK_RULE, Bench, applied, by_place, elsewhere, own_places
from app.coach.rewrite.wholes import joined
from app.coach.rewrite.writer import Proposer
from app.coach.stages import CriticChoice


@dataclass
class _Work:
    """One OKR under way: its brief and guard, and what the re-review compares with."""

    brief: Brief
    guard: Guard
    okr: Okr
    before: tuple[Finding, ...]
    pillar: int | None
    passed: dict[int | None, list[Rewrite]] = field(default_factory=dict)


class Session:
    """One request: briefs for the writers, and the judgement of what they propose."""

    def __init__(self, coach: Coach, review: Review, context: Context, wish: Wish, critic: CriticChoice) -> None:
        self._draft_findings = review.findings
        self._wish = wish
        method = profile(review.profile)
        context = with_strategy(review.draft, context)
        self._bench = Bench(coach, review.draft, context, method, critic)
        self._dropped: list[Dropped] = []
        view = look(review.draft, context, method)
        by_okr: dict[int, list[Finding]] = {}
        for finding in review.findings:
            by_okr.setdefault(finding.target.objective, []).append(finding)
        briefs = []
        for okr in view.okrs:
            own = by_okr.get(okr.index, [])
            targets = self._targets(okr.index, own)
            if not targets:
                continue
            if not is_english(line.text for line in okr.lines):
                self._drop_lines(okr.index, targets, "not-english", "Only English lines are rewritten.")
                continue
            findings: dict[int | None, list[Finding]] = {}
            for finding in own:
                findings.setdefault(finding.target.key_result, []).append(finding)
            kept = tuple(at for at in targets if self._may_rewrite(okr.index, at, okr.okr))
            brief = Brief(
                okr,
                findings,
                kept,
                context,
                view.cycle_of(okr),
                tuple(answer for answer in wish.answers if answer.target.objective == okr.index),
                limit=int(method.limits["max_key_results"]),
                n=wish.n,
            )
            briefs.append(brief)
        self.briefs: tuple[Brief, ...] = tuple(briefs)
        self._works = self._begin()

    def hear(self, writer: Proposer, candidates: Sequence[Candidate]) -> None:
        """Judge what a writer proposes."""
        self._review_all(self._guard_all(writer, candidates))

    def _review_all(self, waiting: dict[Target, list[Candidate]]) -> None:
        """Review the writer's favourites for each line first, the rest only where too few of them pass."""
        while waiting:
            batch: list[Candidate] = []
            for place in list(waiting):
                queue = waiting[place]
                have = sum(rewrite.candidate.kind != "move" for rewrite in self._passed(place))
                take = max(1, self._wish.n - have) if have < self._wish.n else 0
                batch += queue[:take] if take else [one for one in queue if one.kind == "move"]
                waiting[place] = queue[take:]
                if not take or not waiting[place]:
                    del waiting[place]
            self._review(batch)

    def refused(self, writer: Proposer, candidates: Sequence[Candidate]) -> list[tuple[Brief, list[Dropped]]]:
        """Judge what a writer proposes, and say which OKRs have lines that the guard left short of wordings, and why.

        What the re-review refuses isn't among it: what a model is asked must not hang on what the embedded models
        make of its first try, or no recorded reply would outlive their next training.
        """
        known = len(self._dropped)
        waiting = self._guard_all(writer, candidates)
        by_okr: dict[int, list[Dropped]] = {}
        for one in self._dropped[known:]:
            if len(waiting.get(one.target, ())) < self._wish.n:
                by_okr.setdefault(one.target.objective, []).append(one)
        self._review_all(waiting)
        return [(self._works[index].brief, faults) for index, faults in by_okr.items()]

    def note(self, dropped: Sequence[Dropped]) -> None:
        """Add what a writer itself has to say about what isn't there."""
        self._dropped += dropped

    def result(self) -> Rewritten:
        """What is shown, the whole OKR first, then line by line, best first."""
        chosen = {
            Target(index, at): diverse(
                ranked(self._linked(work, work.passed.get(at, [])), _text(work.okr, at)), self._wish.n
            )
            for index, work in self._works.items()
            for at in work.brief.targets
        }
        wholes = self._wholes(chosen)
        shown: list[Rewrite] = []
        for target, rewrites in chosen.items():
            shown += wholes.pop(target.objective, [])
            shown += rewrites
        none = [
            Dropped("none-passed", "No wording passed every check.", at) for at, found in chosen.items() if not found
        ]
        return Rewritten(tuple(shown), (*self._dropped, *none), tuple(questions_of(self.briefs)))

    def _wholes(self, chosen: Mapping[Target, Sequence[Rewrite]]) -> dict[int, list[Rewrite]]:
        """Each OKR with the best wording of every line in its place, where that passes as well."""
        best: dict[int, list[Candidate]] = {}
        for target, rewrites in chosen.items():
            if self._works[target.objective].okr.objective is None:
                continue
            said = best.setdefault(target.objective, [])
            fresh = (one.candidate for one in rewrites if one.candidate.kind == "line")
            line = next((one for one in fresh if all(one.text != other.text for other in said)), None)
            if line:
                said.append(line)
        candidates = [
            joined(self._works[at].brief, lines)
            for at, lines in best.items()
            if lines and self._wants_whole(at) and len(self._works[at].okr.lines) > 1
        ]
        kept = [
            candidate
            for candidate in candidates
            if self._works[candidate.target.objective].guard.fault(candidate) is None
        ]
        found: dict[int, list[Rewrite]] = {}
        for rewrite in self._review(kept, keep=False):
            if rewrite.grade_after > rewrite.grade_before:
                found.setdefault(rewrite.candidate.target.objective, []).append(rewrite)
        return found

    def _wants_whole(self, index: int) -> bool:
        """Whether a whole OKR was asked for: everything, or the objective and all its flagged lines by name."""
        if self._wish.targets is None:
            return True
        named = {target.key_result for target in self._wish.targets if target.objective == index}
        flagged = {f.target.key_result for f in self._draft_findings if f.target.objective == index}
        return None in named and len(named) > 1 and flagged <= named

    def _guard_all(self, writer: Proposer, candidates: Sequence[Candidate]) -> dict[Target, list[Candidate]]:
        """Those that the guard lets through, by place, the writer's favourites first and moves with them."""
        waiting: dict[Target, list[Candidate]] = {}
        for candidate in candidates:
            if kept := self._guarded(writer, self._filled(candidate)):
                queue = waiting.setdefault(kept.target, [])
                if all(kept.text != other.text or kept.kind != other.kind for other in queue):
                    queue.append(kept)
        for queue in waiting.values():
            queue.sort(key=lambda candidate: candidate.order)
        return waiting

    def _passed(self, place: Target) -> list[Rewrite]:
        return self._works[place.objective].passed.get(place.key_result, [])

    def _review(self, candidates: Sequence[Candidate], *, keep: bool = True) -> list[Rewrite]:
        """Review candidates again, all in one pass, those with words left to fill in also as they stand until then."""
        works = [self._works[candidate.target.objective] for candidate in candidates]
        okrs = [applied(work.okr, candidate) for work, candidate in zip(works, candidates, strict=True)]
        unfilled = {
            at: applied(works[at].okr, candidate, filled=False)
            for at, candidate in enumerate(candidates)
            if candidate.kind == "line" and not all(is_figure(blank) for blank in blanks_in(candidate.text))
        }
        reviewed = self._bench.review([*okrs, *unfilled.values()]) if okrs else []
        open_now = dict(zip(unfilled, map(by_place, reviewed[len(okrs) :]), strict=True))
        passed = []
        for at, (candidate, work, okr, after) in enumerate(zip(candidates, works, okrs, reviewed, strict=False)):
            if rewrite := self._judged(candidate, work, okr, after, open_now.get(at, {})):
                passed.append(rewrite)
                if keep:
                    work.passed.setdefault(candidate.target.key_result, []).append(rewrite)
        return passed

    def _filled(self, candidate: Candidate) -> Candidate:
        """The candidate with its answered blanks filled."""
        brief = self._works[candidate.target.objective].brief
        filled, _ = answers.filled(candidate, answers.of_line(brief, candidate.target.key_result))
        return filled

    def _targets(self, index: int, findings: Sequence[Finding]) -> tuple[int | None, ...]:
        flagged = dict.fromkeys(finding.target.key_result for finding in findings)
        if self._wish.targets is None:
            return tuple(flagged)
        wanted = {target.key_result for target in self._wish.targets if target.objective == index}
        for at in wanted - flagged.keys():
            self._drop_lines(index, (at,), "no-finding", "Nothing was found on this line that a rewrite would answer.")
        return tuple(at for at in flagged if at in wanted)

    def _may_rewrite(self, index: int, at: int | None, okr: Okr) -> bool:
        if is_order(_text(okr, at)):
            self._drop_lines(index, (at,), "order", "This line reads as an order to a reviewer, not as a result.")
            return False
        return True

    def _drop_lines(self, index: int, places: Sequence[int | None], reason: str, message: str) -> None:
        self._dropped += [Dropped(reason, message, Target(index, at)) for at in places]

    def _begin(self) -> dict[int, _Work]:
        okrs = [brief.okr.okr for brief in self.briefs]
        before = self._bench.review(okrs)
        links = self._bench.links(okrs) if self._bench.judges_links else []
        works = {}
        for at, brief in enumerate(self.briefs):
            flagged = [f for f in self._draft_findings if f.target.objective == brief.okr.index and f.rule == LINK_RULE]
            pillar = links[at].pillar if links and links[at].linked and not flagged else None
            findings = (*before[at], *(replace(f, target=Target(0, None)) for f in flagged))
            works[brief.okr.index] = _Work(brief, Guard.of(brief), okrs[at], findings, pillar)
        return works

    def _guarded(self, writer: Proposer, candidate: Candidate) -> Candidate | None:
        work = self._works[candidate.target.objective]
        fault = work.guard.fault(candidate)
        if fault is None:
            return candidate
        repaired = writer.repair(work.brief, candidate, fault)
        again = work.guard.fault(repaired) if repaired else fault
        if repaired and again is None:
            return repaired
        self._drop(candidate, (again or fault).code, (again or fault).message)
        return None

    def _drop(self, candidate: Candidate, reason: str, message: str) -> None:
        self._dropped.append(Dropped(reason, message, candidate.target, candidate.text, candidate.writer))

    def _judged(
        self,
        candidate: Candidate,
        work: _Work,
        okr: Okr,
        after: tuple[Finding, ...],
        unfilled: Mapping[int | None, set[str]],
    ) -> Rewrite | None:
        before, now = by_place(work.before), by_place(after)
        if LINK_RULE in before.get(None, ()) and LINK_RULE not in candidate.answers:
            now.setdefault(None, set()).add(LINK_RULE)
            after = (*after, *(f for f in work.before if f.rule == LINK_RULE))
        known = set(work.brief.rules(candidate.target.key_result)) | before.get(candidate.target.key_result, set())
        own = own_places(candidate)
        left = set().union(*(now.get(place, set()) for place in own)) if own else set()
        if candidate.kind == "okr":
            known = set().union(*before.values()) if before else set()
            left = set().union(*now.values()) if now else set()
        missed = set(candidate.answers) & left.union(*(unfilled.get(place, set()) for place in own))
        if missed:
            self._drop(candidate, "not-cleared", f"It would still be flagged: {', '.join(sorted(missed))}.")
            return None
        new = left - known
        if candidate.kind != "okr":
            new |= elsewhere(candidate, before, now, own)
        if new:
            self._drop(candidate, "new-finding", f"It would raise: {', '.join(sorted(new))}.")
            return None
        cleared = tuple(rule for rule in sorted(known) if rule not in left)
        if candidate.kind == "move":
            cleared = candidate.answers
        score = grade(work.okr, work.before).score
        graded = grade(okr, after).score if okr.lines else score
        if candidate.kind == "move":
            graded = max(graded, score)  # with fewer lines left the faults of the others weigh more
        return Rewrite(
            candidate,
            cleared or candidate.answers,
            blanks_in(candidate.text),
            diff(_text(work.okr, candidate.target.key_result, whole=candidate.kind == "okr"), candidate.text)
            if candidate.kind != "move"
            else (),
            score,
            graded,
            _used(candidate, work.brief),
        )

    def _linked(self, work: _Work, rewrites: list[Rewrite]) -> list[Rewrite]:
        """Those that still serve the pillar the OKR served before, or one at last where that is what they answer."""
        if not rewrites or not self._bench.judges_links:
            return rewrites
        best = ranked(rewrites, "")[: 2 * self._wish.n]
        moves = [rewrite for rewrite in rewrites if rewrite.candidate.kind == "move"]
        kept = [rewrite for rewrite in moves if rewrite not in best]
        asked = [one for one in best if _must_link(work, one)]
        okrs = [applied(work.okr, rewrite.candidate) for rewrite in asked]
        pillars = (
            [work.pillar] * len(okrs) if work.pillar is not None else [link.pillar for link in self._bench.links(okrs)]
        )
        linked = dict(zip(map(id, asked), self._bench.still_linked(okrs, pillars), strict=True)) if okrs else {}
        for rewrite in best:
            if linked.get(id(rewrite), True):
                kept.append(rewrite)
            elif LINK_RULE in rewrite.candidate.answers:
                self._drop(rewrite.candidate, "not-cleared", f"It would still be flagged: {LINK_RULE}.")
            else:
                self._drop(rewrite.candidate, "new-finding", f"It would raise: {LINK_RULE}.")
        return kept


def _must_link(work: _Work, rewrite: Rewrite) -> bool:
    """Whether strategy linkage has a say in a rewrite: it holds today, or is what the rewrite is for."""
    candidate = rewrite.candidate
    if candidate.kind == "move":
        return candidate.target.key_result is not None and work.pillar is not None
    return work.pillar is not None or LINK_RULE in candidate.answers


def _used(candidate: Candidate, brief: Brief) -> tuple[str, ...]:
    """The answers whose words the candidate holds."""
    text = candidate.text.casefold()
    said = (answer.text for answer in answers.of_line(brief, candidate.target.key_result))
    return tuple(dict.fromkeys(one for one in said if one.rstrip(" .").casefold() in text or one == candidate.lent))


def _text(okr: Okr, at: int | None, *, whole: bool = False) -> str:
    if whole:
        return "\n".join(line.text for line in okr.lines)
    if at is None:
        return okr.objective.text if okr.objective else ""
    return okr.key_results[at].text
