"""The routes service: see README.md."""
