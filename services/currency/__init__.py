"""The currency service: see README.md."""
