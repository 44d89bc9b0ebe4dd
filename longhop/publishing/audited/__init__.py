"""The files of an audit: figures, rows, and a page in the style of a version's report."""
