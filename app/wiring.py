"""Builds the coach from settings: the one place where models meet the flow."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from app.coach.critic.llm import LlmCritic
from app.coach.critic.local import Head, LocalCritic
from app.coach.flow import Coach
from app.coach.overlap import Overlaps
from app.coach.overlap.cross import CrossHead, CrossJudge
from app.coach.overlap.judge import HeadJudge
from app.coach.overlap.opinion import LlmPairs
from app.coach.profiles import HOUSE, profile
from app.coach.rewrite.embedded import EmbeddedWriter
from app.coach.rewrite.llm import LlmWriter
from app.coach.rewrite.outcomes import OutcomeMap
from app.coach.rewrite.rewriter import Rewriter
from app.coach.strategy import Linkage, LinkHead
from app.config import Settings
from app.services.chroma import ChromaStore
from app.services.embeddings import MODELS, Encoder, Remembering, load_encoder, model_folder
from app.services.giving_way import Urgent
from app.services.language_model import LanguageModel
from app.services.line_index import KeptLines, LineIndex, LinesInMemory
from app.services.llm import Endpoint, OpenAIModel
from app.services.replay import ReplayModel, recording
from app.services.store import Database

OUTCOME_ENCODER = "minilm"
RECORD_WITH = "the same command with OKR_COACH_LLM_RECORD=true and OPENAI_BASE_URL or OPENAI_API_KEY set"


def build_coach(settings: Settings, *, models: bool = True) -> Coach:
    """The coach with its embedded models loaded, or with rules alone. Raises `ModelError`."""
    if not models:
        return Coach()
    encoder = _encoder(settings.encoder, settings.threads)
    heads = model_folder(settings.encoder)
    return Coach(
        critic=LocalCritic(encoder, Head.load(heads / "head.npz")),
        linkage=Linkage(encoder, LinkHead.load(heads / "link.npz")),
        llm=build_llm(settings),
    )


def build_linkage(settings: Settings) -> Linkage:
    """The strategy judge alone. Raises `ModelError`."""
    encoder = _encoder(settings.encoder, settings.threads)
    return Linkage(encoder, LinkHead.load(model_folder(settings.encoder) / "link.npz"))


def build_overlaps(settings: Settings, linkage: Linkage | None = None) -> Overlaps:
    """What finds overlaps between teams, with its embedded models. Raises `ModelError`."""
    first = HeadJudge.load(MODELS / "overlap")
    head = CrossHead.load(model_folder(settings.encoder) / "pair.npz", MODELS / "overlap" / "mix.npz")
    judge = CrossJudge(first, _encoder(settings.encoder, settings.threads), head)
    return Overlaps(_encoder("minilm", settings.threads), judge, first.rarity, linkage)


def build_pair_opinion(coach: Coach) -> LlmPairs | None:
    """The coach's language model for pairs of lines that the embedded judge is in doubt about; None without one."""
    if coach.llm is None:
        return None
    llm = coach.llm
    return LlmPairs(llm.model, profile(HOUSE).precision, llm.concurrency, llm.timeout, llm.budget)


@cache
def _encoder(name: str, threads: int) -> Encoder:
    """Loaded once, whoever needs it."""
    return load_encoder(name, threads=threads)


def build_rewriter(settings: Settings, coach: Coach) -> Rewriter:
    """The rewriter; what it needs beside the coach's models is loaded on the first rewrite."""
    outcomes = OutcomeMap(lambda: _encoder(OUTCOME_ENCODER, settings.threads))
    llm = None
    if coach.llm:
        llm = LlmWriter(coach.llm.model, settings.llm_timeout, settings.llm_budget, settings.llm_concurrency)
    return Rewriter(coach, EmbeddedWriter(outcomes), llm)


async def open_database(settings: Settings) -> Database | None:
    """The database of workspaces, its schema up to date; None where none is configured. Raises `StoreError`."""
    if not settings.database_url:
        return None
    database = Database(settings.database_url)
    try:
        await database.open()
    except BaseException:
        await database.close()
        raise
    return database


def build_lines(settings: Settings, database: Database, encoder: Encoder) -> LineIndex:
    """The vectors of stored OKRs, where settings say. Raises `ModelError` if that place can't be used."""
    if not settings.vectors:
        return LinesInMemory(database, encoder, threads=settings.threads)
    return KeptLines(database, open_vectors(settings.vectors, settings.threads), encoder)


def open_vectors(place: str, threads: int = 0) -> ChromaStore:
    """Chroma in a folder or at a URL. Raises `ModelError`."""
    return ChromaStore(place if place.startswith(("http://", "https://")) else Path(place), threads)


def remembering(overlaps: Overlaps, urgent: Urgent) -> Overlaps:
    """The same, for plans that are compared again and again while a few lines change; it waits for what is urgent."""
    return replace(
        overlaps,
        encoder=Remembering(overlaps.encoder),
        judge=overlaps.judge.remembering(urgent) if isinstance(overlaps.judge, CrossJudge) else overlaps.judge,
        linkage=overlaps.linkage.remembering() if overlaps.linkage else None,
    )


def at_the_desk(coach: Coach, linkage: Linkage | None) -> Coach:
    """The same coach for drafts that are reviewed at every save: it remembers lines, and asks no LLM.

    `linkage` is that of the map, so that neither reads again what the other has read.
    """
    critic = coach.critic.remembering() if isinstance(coach.critic, LocalCritic) else coach.critic
    return replace(coach, critic=critic, linkage=linkage if coach.linkage else None, llm=None)


def build_llm(settings: Settings) -> LlmCritic | None:
    """The LLM critic, where an endpoint (or a file of recorded replies) and a model are configured."""
    if not settings.llm_configured:
        return None
    return LlmCritic(
        model=_language_model(settings),
        calls=settings.llm_calls,
        concurrency=settings.llm_concurrency,
        timeout=settings.llm_timeout,
        budget=settings.llm_budget,
        price=settings.llm_prices.get(settings.llm_model),
    )


def _language_model(settings: Settings) -> LanguageModel:
    endpoint = OpenAIModel(
        Endpoint(
            model=settings.llm_model,
            base_url=settings.openai_base_url or None,
            api_key=settings.openai_api_key.get_secret_value() or None,
            mode=settings.llm_mode,
            options=settings.llm_options,
            timeout=settings.llm_timeout,
            retries=settings.llm_retries,
            concurrency=settings.llm_concurrency,
            stream=settings.llm_stream,
        )
    )
    if settings.llm_replies is None:
        return endpoint
    if settings.llm_record:
        return recording(endpoint, settings.llm_replies, epoch=settings.llm_epoch)
    replies, epoch = settings.llm_replies, settings.llm_epoch
    return ReplayModel(endpoint.name, endpoint.settings, replies, record_with=RECORD_WITH, epoch=epoch)
