"""The random service: see README.md."""
