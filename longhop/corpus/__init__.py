"""Reading, cleaning, deduplicating, splitting and chunking documents."""
