"""A whole stack on this machine's loopback, without containers.

PostgreSQL, Ceph's S3 gateway, Prefect's server on both with a password, a worker and the rehearsal
model: `python -m infra.stack up`. All it is lies in one folder, `.stack` unless another is named.
"""
