"""A bucket that is there, with its policy and its lifecycle, however often it is asked for."""

import json
from collections.abc import Callable
from typing import Any

from infra.bucket.documents import lifecycle, policy

# What servers answer that do not know of a thing; Amazon and Ceph know all of it.
_UNKNOWN = frozenset({"NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "501", "405"})


def client_of(endpoint: str | None) -> Any:
    """A client with the keys of the environment, past whatever proxy that names."""
    from botocore.config import Config  # some 0.3 s of imports
    from botocore.session import get_session

    return get_session().create_client("s3", endpoint_url=endpoint, config=Config(proxies={}))


def make_bucket(
    client: Any,
    bucket: str,
    prefix: str,
    principals: dict[str, str],
    tell: Callable[[str], object],
) -> None:
    """Have the bucket with its policy and, where the server knows such a thing, its lifecycle.

    A policy that is refused is an error, since without one the keys of a role open nothing, or
    everything.
    """
    from botocore.exceptions import ClientError

    documents = policy(bucket, prefix, principals), lifecycle(prefix)
    try:
        client.create_bucket(Bucket=bucket, **_place(client))
    except ClientError as error:
        if _code(error) != "BucketAlreadyOwnedByYou":
            raise
    tell(f"bucket {bucket}: there")
    client.put_bucket_policy(Bucket=bucket, Policy=_compact(documents[0]))
    tell(f"bucket {bucket}: policy for {', '.join(sorted(principals))} under {prefix}/")
    try:
        client.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration=documents[1]
        )
    except ClientError as error:
        if _code(error) not in _UNKNOWN:
            raise
        tell(f"bucket {bucket}: no lifecycle, which this server does not know")
    else:
        tell(f"bucket {bucket}: lifecycle")


def _place(client: Any) -> dict[str, Any]:
    """Where Amazon puts a bucket has to be said, but for its first region."""
    region = client.meta.region_name
    if client.meta.endpoint_url.endswith(".amazonaws.com") and region != "us-east-1":
        return {"CreateBucketConfiguration": {"LocationConstraint": region}}
    return {}


def _code(error: Any) -> str:
    code: str = error.response.get("Error", {}).get("Code", "")
    return code


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
