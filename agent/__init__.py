"""Decides and acts: the ladder, policy and the paths; the only place that knows all four leaves."""
