"""The runtime: keeps services in processes of their own, confined, answering, and replaceable while they run."""
