"""Who is in which room, who is a guest, and so who sees what."""
