"""Lent compute: nothing here yet but the place for it."""
