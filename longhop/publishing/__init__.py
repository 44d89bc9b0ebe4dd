"""From proved rows to a dataset: decontaminated, rendered, described, published."""
