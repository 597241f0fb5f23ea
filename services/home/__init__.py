"""The home service: see README.md."""
