"""The flow on one screen: parse → check → judge → merge → grade → report.

Every face calls `Coach.review`, `Coach.review_async` or `Coach.stream` and adds nothing to them. The first asks the
judges that answer at once; the others ask the LLM as well, where there is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from app.coach.critic import Critic
from app.coach.critic.llm import Consultation, LlmCritic
from app.coach.dismissals import part
from app.coach.findings import merge
from app.coach.language import is_english
from app.coach.nouns import Context, Draft, Finding, Line, Pillar, Source, Target
from app.coach.profiles import Profile, profile
from app.coach.quantities import measure
from app.coach.report import Engine, Note, Review, Usage, mean_grade, report_okrs
from app.coach.rules import load_rules
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule
from app.coach.stages import CriticChoice, Done, Found, Heard, Parsed, Pass, Stage, Stopwatch
from app.coach.strategy import Linkage
from app.errors import InvalidInputError

JUDGED_LINES = 500
FEWEST_WORDS = 3
VERSION = version("okr-coach")
NO_STRATEGY = (
    "Whether these OKRs serve the strategy could not be judged: none was given. "
    "Supply the pillars or the parent objective to have it checked."
)
NOT_ENGLISH = (
    "Text that doesn't read as English was checked by rules as far as they go; whether its lines are activities or "
    "KPIs, and whether it serves the strategy, was not judged."
)
STRATEGY_TOO_SHORT = (
    "Whether these OKRs serve the strategy was not judged: a pillar that the draft names in a word or two could mean "
    "anything. Say each in a sentence."
)
STRATEGY_READ = "These were taken for the strategy, as the draft calls them so"
NOT_ENGLISH_STRATEGY = "The strategy doesn't read as English, so whether these OKRs serve it was not judged."
CRITICS_DIFFER = "Lines or OKRs that the embedded critic would flag and the LLM, being more precise there, passed"


@dataclass(frozen=True)
class Coach:
    """The judges, loaded once; None where one isn't wanted or, for `llm`, not configured."""

    critic: Critic | None = None
    linkage: Linkage | None = None
    llm: LlmCritic | None = None
    rules: Mapping[str, Rule] = field(default_factory=lambda: {rule.id: rule for rule in load_rules()})

    def review(
        self,
        draft: Draft,
        context: Context = Context(),
        profile_name: str = "house",
        critic: CriticChoice = "auto",
    ) -> Review:
        """Review a parsed draft at once, without the LLM. Raises as `stream` does."""
        return self._report(self._first(draft, context, self._method(profile_name, critic), critic))

    async def review_async(
        self,
        draft: Draft,
        context: Context = Context(),
        profile_name: str = "house",
        critic: CriticChoice = "auto",
    ) -> Review:
        """Review a parsed draft with every judge there is. Raises as `stream` does."""
        async with aclosing(self.stream(draft, context, profile_name, critic)) as stages:
            async for stage in stages:
                if isinstance(stage, Done):
                    return stage.review
        raise AssertionError("a review ends with Done")

    def stream(
        self,
        draft: Draft,
        context: Context = Context(),
        profile_name: str = "house",
        critic: CriticChoice = "auto",
    ) -> AsyncGenerator[Stage]:
        """The stages of a review as they come; closing the generator cancels what is under way.

        Raises `UnknownProfileError` for a profile that isn't there, `InvalidInputError` for an LLM that isn't.
        """
        return self._stages(draft, context, self._method(profile_name, critic), critic)

    async def prepare(self) -> None:
        """Get ready, so that the first review doesn't wait for it."""
        if self.llm:
            await self.llm.model.prepare()

    async def close(self) -> None:
        """Let go of connections."""
        if self.llm:
            await self.llm.model.close()

    def models(self) -> dict[str, str]:
        """Loaded models by role."""
        judges = {"critic": self.critic, "strategy": self.linkage, "llm": self.llm}
        return {role: judge.name for role, judge in judges.items() if judge}

    def _method(self, profile_name: str, critic: CriticChoice) -> Profile:
        if critic == "llm" and self.llm is None:
            raise InvalidInputError(
                "`critic: llm` needs an LLM endpoint, and none is configured here; use `auto`, `local` or `none`.",
                code="llm-not-configured",
            )
        return profile(profile_name)

    async def _stages(
        self, draft: Draft, context: Context, method: Profile, critic: CriticChoice
    ) -> AsyncGenerator[Stage]:
        yield Parsed(draft)
        known = await asyncio.to_thread(self._first, draft, context, method, critic)
        review = self._report(known)
        yield Found(review)
        if self.llm and critic in {"auto", "llm"}:
            known.consultation = self.llm.consult(known.asked, known.verdicts.okrs, known.verdicts.pillars)
            with known.watch.stage("consult"):
                async with aclosing(known.consultation.verdicts()) as heard:
                    async for judged in heard:
                        yield Heard(judged)
            review = self._report(known)
        yield Done(review)

    def _first(self, draft: Draft, context: Context, method: Profile, critic: CriticChoice) -> Pass:
        watch = Stopwatch()
        context = with_strategy(draft, context)
        with watch.stage("measure"):
            view = look(draft, context, method)
        notes = [Note(problem.code, problem.message) for problem in draft.problems]
        known = Pass(draft, method, critic, view, watch, notes)
        with watch.stage("check"):
            known.findings = list(check(view, self.rules))
        if critic != "none" and (self.critic or self.linkage or self.llm):
            self._prepare(known)
        locally = critic in {"auto", "local"}
        if self.critic and locally:
            with watch.stage("judge"):
                judged = self.critic.judge(known.asked)
                known.verdicts.local_lines = {
                    (line.objective, line.key_result): judgement
                    for (line, _), judgement in zip(known.asked, judged, strict=True)
                }
        if self.linkage and locally and known.verdicts.okrs and known.verdicts.pillars:
            with watch.stage("link"):
                links = self.linkage.judge([okr.okr for okr in known.verdicts.okrs], known.verdicts.pillars)
                known.verdicts.local_links = {
                    okr.index: link for okr, link in zip(known.verdicts.okrs, links, strict=True)
                }
        return known

    def _prepare(self, known: Pass) -> None:
        """What the critics are asked, and what not and why."""
        english = [okr for okr in known.view.okrs if is_english(line.text for line in okr.lines)]
        if len(english) < len(known.view.okrs):
            known.notes.append(Note("not-english", NOT_ENGLISH))
        lines = [(line, okr.objective.text if okr.objective else "") for okr in english for line in okr.lines]
        if len(lines) > JUDGED_LINES:
            known.notes.append(
                Note(
                    "critic-limit",
                    f"The critic judged the first {JUDGED_LINES} of {len(lines)} lines; rules judged all.",
                )
            )
        known.asked = lines[:JUDGED_LINES]
        known.verdicts.lines = [line for line, _ in known.asked]
        if not (self.linkage or self.llm) or not any(okr.objective for okr in known.view.okrs):
            return
        pillars = pillars_of(known.view.context)
        if not pillars:
            given = bool(known.draft.strategy)
            known.notes.append(Note("no-strategy", STRATEGY_TOO_SHORT if given else NO_STRATEGY))
        elif is_english(pillar.statement for pillar in pillars):
            known.verdicts.okrs = [okr for okr in english if okr.objective][:JUDGED_LINES]
            known.verdicts.pillars = pillars
            if known.view.context.strategy is known.draft.strategy:
                names = "; ".join(f"“{pillar.name}”" for pillar in pillars)
                known.notes.append(Note("strategy-read", f"{STRATEGY_READ}: {names}."))
        elif all(note.code != "not-english" for note in known.notes):
            known.notes.append(Note("not-english", NOT_ENGLISH_STRATEGY))

    def _report(self, known: Pass) -> Review:
        consultation = known.consultation
        notes, verdicts, usage = list(known.notes), known.verdicts, None
        if consultation:
            verdicts.llm_lines, verdicts.llm_links = consultation.judgements, consultation.links
            notes += [Note(code, message) for code, message in consultation.notes()]
            if cleared := verdicts.overruled(known.method.precision):
                notes.append(Note("critics-differ", f"{CRITICS_DIFFER}: {cleared}."))
            usage = usage_of(consultation)
        with known.watch.stage("report"):
            findings = [*known.findings, *verdicts.findings(self.rules, known.method.precision)]
            merged, dismissed = part(known.draft, merge(findings, known.method), known.view.context.dismissed)
            reports = report_okrs(known.draft, merged)
        judged = {
            Source.LOCAL: bool(self.critic or self.linkage) and known.critic in {"auto", "local"},
            Source.LLM: verdicts.by_llm,
        }
        tiers = (Source.RULE.value, *(source.value for source, did in judged.items() if did))
        engine = Engine(VERSION, self.models(), tiers, known.watch.stages, usage)
        return Review(
            draft=known.draft,
            okrs=reports,
            findings=tuple(merged),
            grade=mean_grade(reports),
            profile=known.method.name,
            notes=tuple(notes),
            engine=engine,
            dismissed=dismissed,
        )


def usage_of(consultation: Consultation) -> Usage:
    """What asking the LLM took."""
    tally = consultation.tally
    return Usage(
        model=consultation.critic.name,
        calls=tally.calls,
        input_tokens=tally.input_tokens,
        output_tokens=tally.output_tokens,
        cost=consultation.cost,
        dropped_quotes=consultation.dropped_quotes,
    )


def look(draft: Draft, context: Context, method: Profile) -> DraftView:
    """The draft as rules and critics see it, every line measured once."""
    okrs = []
    for index, okr in enumerate(draft.okrs):

        def see(line: Line, key_result: int | None, at: int = index) -> LineView:
            return LineView(line, measure(line.text), at, key_result)

        okrs.append(
            OkrView(
                okr,
                index,
                see(okr.objective, None) if okr.objective else None,
                tuple(see(line, at) for at, line in enumerate(okr.key_results)),
            )
        )
    return DraftView(tuple(okrs), context, context.cycle or draft.cycle, method.limits)


def check(view: DraftView, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """All rules over the draft."""
    for rule in rules.values():
        if rule.check:
            for hit in rule.check(view):
                yield finding_of(hit, rule, Source.RULE, 1.0)


def finding_of(hit: Hit, rule: Rule, source: Source, confidence: float) -> Finding:
    """A hit as a finding: its words located in what was submitted."""
    line = hit.where.line
    start = hit.start if hit.start is not None else 0
    end = hit.end if hit.end is not None else len(line.text)
    return Finding(
        rule=rule.id,
        severity=hit.severity or rule.severity,
        start=line.start + start,
        end=line.start + end,
        quote=line.text[start:end],
        message=hit.message or rule.message,
        question=rule.question,
        sources=(source,),
        confidence=round(confidence, 3),
        target=Target(hit.where.objective, hit.where.key_result),
    )


def with_strategy(draft: Draft, context: Context) -> Context:
    """The context, with the strategy that stands in the draft where none is given and that one says enough."""
    if not draft.strategy or pillars_of(context):
        return context
    said = [pillar.statement for pillar in draft.strategy]
    if is_english(said) and any(len(each.split()) < FEWEST_WORDS for each in said):
        return context
    return replace(context, strategy=draft.strategy)


def pillars_of(context: Context) -> list[Pillar]:
    """What an OKR may link to: the pillars given, and the parent's objective and key results."""
    pillars = list(context.strategy)
    if context.parent:
        pillars += [Pillar(line.text) for line in context.parent.lines]
    return pillars
