"""Solvers: tiers of the product as its users meet them, and baselines that they must beat."""
