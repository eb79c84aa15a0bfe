"""Settings: the only reader of the environment (`OKR_COACH_*`)."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Listed = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Everything an operator can set; each field is `OKR_COACH_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="OKR_COACH_", env_file=None, extra="ignore", populate_by_name=True)

    encoder: str = Field(
        "critic",
        description="The critic's encoder: a shipped model, a folder that `okr-coach train --out` wrote, or "
        "sentence-transformers:<such a folder>",
    )
    threads: int = Field(0, ge=0, description="Threads one review may use to encode and to search; 0 = all cores")
    tokens: Listed = Field((), description="Bearer tokens that may call the API; empty = open")
    cors_origins: Listed = Field((), description="Origins that browsers may call the API from")
    max_body_bytes: int = Field(1_000_000, ge=1_000, description="Larger request bodies get 413")
    max_draft_chars: int = Field(100_000, ge=100, description="Longer drafts get 413")
    max_plan_chars: int = Field(800_000, ge=1_000, description="Longer plans sent to be compared get 413")
    rate_limit: str = Field("", description='Requests a client may make, as in "120/minute"; empty = no limit')

    database_url: str = Field(
        "",
        description="Where workspaces are kept: sqlite:///FILE or postgresql://…; empty = nothing is stored",
    )
    vectors: str = Field(
        "",
        description="Where vectors of stored OKRs are kept: a folder (Chroma, one server process) or the URL of a "
        "Chroma server; empty = in memory",
    )

    openai_base_url: str = Field(
        "", validation_alias="OPENAI_BASE_URL", description="An OpenAI-compatible endpoint for the LLM critic"
    )
    openai_api_key: SecretStr = Field(SecretStr(""), validation_alias="OPENAI_API_KEY", description="Its key")
    llm_model: str = Field("", description="Model to ask; the LLM critic is on once this and URL or key are set")
    llm_calls: Literal["review", "line"] = Field(
        "review", description="One call a review, or one a line, which small models do better at"
    )
    llm_mode: Literal["json_schema", "tools"] = Field("json_schema", description="How the answer is given its form")
    llm_options: dict[str, Any] = Field({"temperature": 0}, description="Goes into every request as it is (JSON)")
    llm_stream: bool = Field(True, description="Whether the endpoint can stream; off: verdicts come all at once")
    llm_timeout: float = Field(20.0, gt=0, le=600, description="Seconds that the LLM may take for one review")
    llm_retries: int = Field(1, ge=0, le=5, description="How often one question may be asked again")
    llm_budget: int = Field(60_000, ge=1_000, description="Tokens that one review may take")
    llm_concurrency: int = Field(4, ge=1, le=256, description="Calls under way at once in one server process")
    llm_prices: dict[str, tuple[float, float]] = Field(
        {}, description='Money for a million tokens in and out, by model: {"name": [0.15, 0.6]}; none: cost is null'
    )
    llm_replies: Path | None = Field(None, description="File of recorded replies to answer from instead of asking")
    llm_record: bool = Field(False, description="Ask, and write the replies to that file")
    llm_epoch: int = Field(0, ge=0, description="Which repeat of the same question is recorded or replayed")

    @property
    def llm_configured(self) -> bool:
        """Whether there is a model to ask and somebody to answer."""
        answers = bool(self.openai_base_url or self.openai_api_key.get_secret_value() or self.llm_replies)
        return bool(self.llm_model) and answers

    @field_validator("tokens", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()


def keep_in(address: str) -> None:
    """Have this process and its server workers keep workspaces in the database at `address`."""
    os.environ["OKR_COACH_DATABASE_URL"] = address
    settings.cache_clear()


def keep_vectors_in(folder: Path) -> None:
    """Have this process and its server worker keep vectors in `folder` unless the operator has set another place."""
    os.environ.setdefault("OKR_COACH_VECTORS", str(folder))
    settings.cache_clear()


def share_cores(workers: int) -> None:
    """Give every server worker its part of the cores unless the operator has set threads.

    To be called before numpy is imported: its threads wait for their next sum by spinning, which costs the encoder and
    other requests more than the sums of a search gain by a second core.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if workers > 1:
        os.environ.setdefault("OKR_COACH_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))


def record_replies() -> None:
    """Have this process ask the LLM and write its replies down."""
    os.environ["OKR_COACH_LLM_RECORD"] = "true"
    settings.cache_clear()
