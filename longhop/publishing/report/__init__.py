"""The page that defends a version: written from its published files alone."""
