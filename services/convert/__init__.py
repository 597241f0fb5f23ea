"""The convert service: see README.md."""
