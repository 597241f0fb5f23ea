"""The mail service: see README.md."""
