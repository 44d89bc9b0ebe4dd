"""The only place that speaks to object storage: artifacts, receipts, the memo, datasets."""
