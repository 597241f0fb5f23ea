"""Reads pages of the web as text, and searches it."""
