"""What follows from notes: claims drawn from them, folded into facts."""
