"""Evals: tasks, solvers and metrics that measure the coach, and the gate that guards the figures.

A task is a set of samples, the solvers that answer them, a scorer and metrics. `okr-coach eval`
runs tasks, prints every figure with its confidence interval and compares with `baseline.json`.
"""
