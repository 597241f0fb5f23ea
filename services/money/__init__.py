"""The money service: see README.md."""
