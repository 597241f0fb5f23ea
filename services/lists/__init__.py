"""The lists service: see README.md."""
