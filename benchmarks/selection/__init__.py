"""What selection is measured on, and how: corpora, replays and pictures."""
