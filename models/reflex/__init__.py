"""The reflex: embedded understanding of requests, with no model call over the network."""
