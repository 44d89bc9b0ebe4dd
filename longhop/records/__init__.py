"""The records that cross seams: frozen, strict, each docstring a real row."""
