"""Long contexts: laid out, written where they are missing (arXiv 2502.15592), composed."""
