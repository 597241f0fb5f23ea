"""The contacts service: see README.md."""
