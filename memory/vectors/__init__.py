"""The vectors of the notes, and the indexes that find the nearest."""
