"""Languages: their codes, their scripts, their sentences, and which one a text is in."""
