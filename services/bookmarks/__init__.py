"""Keeps addresses of pages, with tags."""
