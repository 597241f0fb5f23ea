"""The prayer service: see README.md."""
