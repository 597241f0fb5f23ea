"""The system service: see README.md."""
