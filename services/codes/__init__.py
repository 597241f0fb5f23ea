"""The codes service: see README.md."""
