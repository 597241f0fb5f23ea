"""Follows feeds: RSS, Atom and JSON Feed."""
