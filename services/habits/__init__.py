"""The habits service: see README.md."""
