"""The weather service: see README.md."""
