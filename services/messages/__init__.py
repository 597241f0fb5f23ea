"""The messages service: see README.md."""
