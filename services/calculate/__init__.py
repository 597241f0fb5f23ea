"""The calculate service: see README.md."""
