"""Finds the notes that a question is about."""
