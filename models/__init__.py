"""Models: the embedded reflex and encoder, and the door to larger chat models."""
