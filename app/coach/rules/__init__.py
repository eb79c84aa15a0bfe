"""The rules: one file each, found by scanning this folder.

A file exports `RULE`; its name is the rule's id with underscores. A file that breaks this stops the start
with an error that names it, so that no rule is ever silently ignored.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from app.coach.rules.rule import Rule

_MACHINERY = frozenset({"rule", "kinds", "pages"})


class RuleFileError(Exception):
    """A file in the rules folder that cannot be used as a rule."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id. Raises `RuleFileError`."""
    return discover(sys.modules[__name__])


def discover(package: ModuleType) -> tuple[Rule, ...]:
    """The rules in the modules of `package`, sorted by id, each with its page. Raises `RuleFileError`."""
    rules: dict[str, Rule] = {}
    files: dict[str, str] = {}
    for name in sorted({module.name for module in pkgutil.iter_modules(package.__path__)} - _MACHINERY):
        module = importlib.import_module(f"{package.__name__}.{name}")
        rule, file = _rule_of(module), module.__file__ or name
        if rule.id in rules:
            raise RuleFileError(f"{file}: the id {rule.id!r} is already taken by {files[rule.id]}.")
        rules[rule.id], files[rule.id] = rule, file
    for rule_id, file in files.items():
        stem = rule_id.replace("-", "_")
        if Path(file).stem != stem:
            raise RuleFileError(f"{file}: holds the rule {rule_id!r}, so it must be called {stem}.py.")
    return tuple(rules[rule_id] for rule_id in sorted(rules))


def _rule_of(module: ModuleType) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RuleFileError(f"{module.__file__}: exports no RULE of type Rule.")
    page = inspect.cleandoc(module.__doc__ or "")
    if not page:
        raise RuleFileError(f"{module.__file__}: has no docstring, which is the rule's public page.")
    return replace(rule, page=page)
