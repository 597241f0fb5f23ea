"""The notes service: see README.md."""
