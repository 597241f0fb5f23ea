"""The places service: see README.md."""
