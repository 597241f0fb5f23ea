"""Every number that we claim, one command each."""
