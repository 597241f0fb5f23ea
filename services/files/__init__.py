"""The files service: see README.md."""
