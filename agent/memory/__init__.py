"""Memory joined with the rest: as tools, as answers, in what is kept of a turn and what is erased."""
