"""What the measurements of memory by rows have in common."""
