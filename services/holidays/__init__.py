"""The holidays service: see README.md."""
