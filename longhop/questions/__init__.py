"""Asking, linking and merging questions (MIMG, arXiv 2409.01893)."""
