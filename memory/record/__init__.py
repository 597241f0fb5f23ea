"""The record: notes, claims and rooms in SQL tables, and the words of the notes."""
