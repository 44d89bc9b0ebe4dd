"""The bucket of a store: who may do what in it, and what it may forget.

`policy.json` and `lifecycle.json` are S3's own documents, with names as `${bucket}` to fill in.
`python -m infra.bucket` makes the bucket and gives it both.
"""
