"""`python -m evals`: the same as `okr-coach eval`."""

from __future__ import annotations

from evals.cli import eval_app

if __name__ == "__main__":
    eval_app(prog_name="python -m evals")
