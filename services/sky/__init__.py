"""The sky service: see README.md."""
