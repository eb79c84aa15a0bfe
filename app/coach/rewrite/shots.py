"""What the LLM writer is shown besides its instructions: fixed examples, in the very form of question and answer."""

from __future__ import annotations

from functools import cache

import yaml
from pydantic import BaseModel

from app.services import prompts


class LineRewrites(BaseModel):
    """Wordings of the numbered line; 0 is the objective."""

    line: int
    texts: list[str]


class RewriteAnswer(BaseModel):
    """All wordings, line by line."""

    rewrites: list[LineRewrites]


class ExampleLine(BaseModel):
    """A key result; `rewrites` where it is flagged."""

    text: str
    findings: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()


class Example(BaseModel):
    """An OKR with flagged lines and how a coach would reword them."""

    objective: str
    key_results: tuple[ExampleLine, ...]


@cache
def examples() -> tuple[Example, ...]:
    """The examples in `prompts/parts/rewrites.yaml`."""
    given = yaml.safe_load((prompts.PROMPTS / "parts" / "rewrites.yaml").read_text("utf-8"))
    return tuple(Example.model_validate(each) for each in given)


@cache
def rewrite_shots(n: int) -> tuple[prompts.Shot, ...]:
    """The examples with at most `n` rewrites of each flagged line."""
    return tuple((_asked(example, n), _answered(example, n)) for example in examples())


def _asked(example: Example, n: int) -> prompts.Rewrite:
    lines = [prompts.FlaggedLine(0, "objective", example.objective, (), ())]
    lines += [
        prompts.FlaggedLine(at, "key result", line.text, line.findings, ())
        for at, line in enumerate(example.key_results, 1)
    ]
    fence = prompts.fence_of(line.text for line in lines)
    return prompts.Rewrite(fence, "", "", tuple(lines), n)


def _answered(example: Example, n: int) -> RewriteAnswer:
    return RewriteAnswer(
        rewrites=[
            LineRewrites(line=at, texts=list(line.rewrites[:n]))
            for at, line in enumerate(example.key_results, 1)
            if line.rewrites
        ]
    )
