"""The secrets service: see README.md."""
