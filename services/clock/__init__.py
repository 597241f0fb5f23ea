"""The clock service: see README.md."""
