"""The sentence encoder that retrieval and memory share."""
