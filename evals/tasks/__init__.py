"""The tasks: one file each, found by scanning this folder.

A file exports `TASK`; its name is the task's name with underscores. A file that breaks this stops the
start, so that no task is ever silently left out of a run.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from functools import cache
from types import ModuleType

from evals.task import AnyTask, Task


class TaskFileError(Exception):
    """A file in the tasks folder that cannot be used as a task."""


@cache
def load_tasks() -> tuple[AnyTask, ...]:
    """Every task, sorted by name. Raises `TaskFileError`."""
    return discover(sys.modules[__name__])


def discover(package: ModuleType) -> tuple[AnyTask, ...]:
    """The tasks in the modules of `package`, sorted by name. Raises `TaskFileError`."""
    tasks = []
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        module = importlib.import_module(f"{package.__name__}.{name}")
        task = getattr(module, "TASK", None)
        if not isinstance(task, Task):
            raise TaskFileError(f"{module.__file__}: exports no TASK of type Task.")
        if task.name.replace("-", "_") != name:
            wanted = f"{task.name.replace('-', '_')}.py"
            raise TaskFileError(f"{module.__file__}: holds the task {task.name!r}, so it must be {wanted}.")
        tasks.append(task)
    return tuple(tasks)


def solver_names(tasks: Sequence[AnyTask]) -> list[str]:
    """Every solver that one of `tasks` knows, in order of appearance."""
    return list(dict.fromkeys(name for task in tasks for name in task.solvers))
