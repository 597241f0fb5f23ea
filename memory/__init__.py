"""What was said, by whom and where; found again only by those it belongs to."""
