"""`okr-coach`: thin commands over the flow. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.workshop_cli import workshop_app
from app.workspace_cli import (
    Data,
    database_in,
    export_okrs,
    feedback_app,
    import_okrs,
    key_app,
    reindex,
    vectors_in,
    workspace_app,
)
from evals.cli import eval_app

if TYPE_CHECKING:
    from app.coach.nouns import Context

app = typer.Typer(
    name="okr-coach",
    help="Reviews drafted OKRs as a seasoned coach would.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FINE, FOUND, USAGE = 0, 1, 2

app.add_typer(eval_app, name="eval")
app.add_typer(workspace_app, name="workspace")
app.add_typer(key_app, name="key")
app.add_typer(workshop_app, name="workshop")
app.add_typer(feedback_app, name="feedback")
app.command("import")(import_okrs)
app.command("export")(export_okrs)
app.command("reindex")(reindex)


class Format(StrEnum):
    """How a review is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class RewriteFormat(StrEnum):
    """How rewrites are printed."""

    TEXT = "text"
    JSON = "json"
    PATCH = "patch"


class WriterOption(StrEnum):
    """Who writes."""

    AUTO = "auto"
    EMBEDDED = "embedded"
    LLM = "llm"


class FailOn(StrEnum):
    """The mildest severity that makes the command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


class CriticOption(StrEnum):
    """Which judge to ask beside the rules."""

    AUTO = "auto"
    LOCAL = "local"
    LLM = "llm"
    NONE = "none"


@app.command()
def review(
    files: Annotated[
        list[str] | None, typer.Argument(help="Drafts: text, Markdown, JSON or YAML; - is standard input.")
    ] = None,
    context: Annotated[
        Path | None, typer.Option(help="YAML or JSON file with team, cycle, strategy, parent, kpis.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Method profile; `okr-coach rules` lists them.")] = "house",
    critic: Annotated[CriticOption, typer.Option(help="Which critic judges.")] = CriticOption.AUTO,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.TEXT,  # noqa: A002
    fail_on: Annotated[FailOn, typer.Option(help="Exit 1 at this severity.")] = FailOn.ERROR,
    fix: Annotated[
        bool, typer.Option("--fix", help="Show a patch with the best rewrite of every flagged line.")
    ] = False,
) -> None:
    """Review drafted OKRs: what a coach would say, tied to the exact words."""
    from app.coach.nouns import Severity  # noqa: PLC0415
    from app.coach.rewrite.rewriter import Wish  # noqa: PLC0415
    from app.config import settings  # noqa: PLC0415
    from app.terminal import print_reviews, read_context, review_sources  # noqa: PLC0415
    from app.terminal_rewrites import print_rewrites, rewrite_reviewed  # noqa: PLC0415
    from app.wiring import build_coach, build_rewriter  # noqa: PLC0415

    background: Context = read_context(context)
    coach = build_coach(settings(), models=critic is not CriticOption.NONE)
    reviewed = review_sources(coach, files or ["-"], background, profile, critic.value, settings())
    print_reviews(reviewed, format.value)
    if fix:
        rewriter = build_rewriter(settings(), coach)
        found = rewrite_reviewed(coach, rewriter, reviewed, background, Wish(), critic.value, "embedded")
        print_rewrites(found, RewriteFormat.PATCH.value)
    severities = {finding.severity for item in reviewed for finding in item.review.findings}
    failing = {
        FailOn.ERROR: {Severity.ERROR},
        FailOn.WARNING: {Severity.ERROR, Severity.WARNING},
        FailOn.NEVER: set(),
    }[fail_on]
    raise typer.Exit(FOUND if severities & failing else FINE)


@app.command()
def overlap(
    files: Annotated[list[str], typer.Argument(help="Drafts of at least two teams, or folders of them.")],
    context: Annotated[Path | None, typer.Option(help="YAML or JSON file with strategy and parent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as the API answers.")] = False,
    all_pairs: Annotated[bool, typer.Option("--all", help="Unrelated pairs of key results too.")] = False,
) -> None:
    """Compare the OKRs of several teams: who doubles, needs or works against whom."""
    from app.coach.overlap import Relation  # noqa: PLC0415
    from app.config import settings  # noqa: PLC0415
    from app.overlap_terminal import print_map, read_teams  # noqa: PLC0415
    from app.terminal import read_context  # noqa: PLC0415
    from app.wiring import build_linkage, build_overlaps  # noqa: PLC0415

    background: Context = read_context(context)
    okrs = read_teams(files, settings())
    linkage = build_linkage(settings()) if background.strategy else None
    found = print_map(build_overlaps(settings(), linkage), okrs, background, as_json=as_json, all_pairs=all_pairs)
    raise typer.Exit(FOUND if any(pair.type is not Relation.UNRELATED for pair in found.pairs) else FINE)


@app.command()
def rewrite(
    files: Annotated[
        list[str] | None, typer.Argument(help="Drafts: text, Markdown, JSON or YAML; - is standard input.")
    ] = None,
    context: Annotated[
        Path | None, typer.Option(help="YAML or JSON file with team, cycle, strategy, parent, kpis.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Method profile; `okr-coach rules` lists them.")] = "house",
    critic: Annotated[CriticOption, typer.Option(help="Which critic judges.")] = CriticOption.AUTO,
    writer: Annotated[WriterOption, typer.Option(help="Who writes.")] = WriterOption.AUTO,
    n: Annotated[int, typer.Option("-n", min=1, max=5, help="Wordings for each line.")] = 3,
    format: Annotated[RewriteFormat, typer.Option(help="How to print.")] = RewriteFormat.TEXT,  # noqa: A002
) -> None:
    """Rewrite the flagged lines of drafted OKRs, inventing nothing: what is missing stays a [blank]."""
    from app.coach.rewrite.rewriter import Wish  # noqa: PLC0415
    from app.config import settings  # noqa: PLC0415
    from app.terminal import read_context, review_sources  # noqa: PLC0415
    from app.terminal_rewrites import print_rewrites, rewrite_reviewed  # noqa: PLC0415
    from app.wiring import build_coach, build_rewriter  # noqa: PLC0415

    background: Context = read_context(context)
    coach = build_coach(settings(), models=critic is not CriticOption.NONE)
    rewriter = build_rewriter(settings(), coach)
    reviewed = review_sources(coach, files or ["-"], background, profile, critic.value, settings())
    found = rewrite_reviewed(coach, rewriter, reviewed, background, Wish(n=n), critic.value, writer.value)
    print_rewrites(found, format.value)


@app.command()
def rules(
    rule_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Show this rule's page.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every page to this folder as Markdown.")] = None,
) -> None:
    """List what is checked, or show one rule's page."""
    from app.terminal import print_catalogue, print_rule  # noqa: PLC0415

    if out:
        from app.coach.rules import load_rules  # noqa: PLC0415
        from app.coach.rules.pages import markdown  # noqa: PLC0415

        out.mkdir(parents=True, exist_ok=True)
        for rule in load_rules():
            (out / f"{rule.id}.md").write_text(markdown(rule), "utf-8")
    elif rule_id is None:
        print_catalogue()
    else:
        print_rule(rule_id)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes.")] = 1,
    data: Data = None,
) -> None:
    """Start the web service; with --data (or OKR_COACH_DATABASE_URL) it keeps workspaces, else nothing."""
    import uvicorn  # noqa: PLC0415

    from app.api.connection import HalfClosed  # noqa: PLC0415
    from app.config import keep_in, keep_vectors_in, share_cores  # noqa: PLC0415

    share_cores(workers)
    if data:
        keep_in(database_in(data))
        if workers == 1:
            keep_vectors_in(vectors_in(data))
    uvicorn.run(
        "app.starting:service",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=HalfClosed,
        log_level="info",
    )


@app.command()
def openapi(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Print the API's OpenAPI description; docs/openapi.json is a committed copy."""
    import json  # noqa: PLC0415

    from app.config import Settings  # noqa: PLC0415
    from app.main import create_app  # noqa: PLC0415

    described = json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False) + "\n"
    if out:
        out.write_text(described, "utf-8")
    else:
        sys.stdout.write(described)


@app.command()
def train(
    variants: Annotated[
        bool, typer.Option("--variants", help="Compare the training variants instead of building the model.")
    ] = False,
    share: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Share of the training organisations that variants learn from.")
    ] = 1.0,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Build only the pair judge of overlaps, which takes a minute.")
    ] = False,
    base: Annotated[str | None, typer.Option(help="Another sentence-transformers model to start from.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write instead of app/models.")] = None,
    also: Annotated[
        Path | None,
        typer.Option(help="JSON lines of labelled key results to report in the model card, never to train on."),
    ] = None,
) -> None:
    """Build the embedded models from corpus/ (needs okr-coach[train])."""
    try:
        from app.services.embeddings import MODELS  # noqa: PLC0415
        from app.training.pairs import build_pairs  # noqa: PLC0415

        if pairs:
            build_pairs(out or MODELS)
            return
        from app.training.build import build  # noqa: PLC0415
        from app.training.variants import compare  # noqa: PLC0415
    except ImportError as error:
        raise _usage(f"Training needs the `train` extra ({error.name} is missing): run `make train`.") from error
    if variants:
        compare(share)
    else:
        build(out or MODELS, also=also, base=base)
        build_pairs(out or MODELS)


def _usage(message: str) -> typer.Exit:
    typer.secho(f"okr-coach: {message}", err=True, fg=typer.colors.RED)
    return typer.Exit(USAGE)


def main() -> None:
    """Entry point: coded errors become one line on standard error and exit status 2."""
    from app.errors import CoachError  # noqa: PLC0415

    try:
        app()
    except CoachError as error:
        typer.secho(f"okr-coach: {error.message}", err=True, fg=typer.colors.RED)
        sys.exit(USAGE)


if __name__ == "__main__":
    main()
