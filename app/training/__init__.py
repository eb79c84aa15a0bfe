"""Builds the embedded models from `corpus/`. Needs the `train` extra (torch)."""
