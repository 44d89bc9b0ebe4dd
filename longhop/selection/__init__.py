"""Which documents are worth asking: numbers in, numbers out (EQUAL, arXiv 2505.12250)."""
