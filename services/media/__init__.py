"""The media service: see README.md."""
