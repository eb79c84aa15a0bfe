"""Planning workshops: many teams, one room. A workshop belongs to a workspace and one of its cycles.

Functions take a session of `Database`; what changes goes with its event into one transaction (`log.Turn`).
"""
