"""The reminders service: see README.md."""
