"""The calendar service: see README.md."""
