"""A bucket is made with both of its documents, or it is said why not."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from infra.bucket.documents import ROLES, policy
from infra.bucket.making import make_bucket

USERS = {role: f"the-{role}" for role in ROLES}


@pytest.mark.parametrize("prefix", ["", "/", "*", "store/*", "${prefix}"])
def test_a_prefix_that_would_open_the_bucket_is_refused(prefix: str):
    with pytest.raises(ValueError, match="names no folder"):
        policy("longhop", prefix, USERS)


def test_a_role_that_nobody_has_is_named():
    with pytest.raises(ValueError, match="housekeeper, reader"):
        policy("longhop", "store", {"builder": "b"})


def test_a_bucket_is_made_however_often(bucket_server: str):
    """The server of these tests takes any policy; the one of tests/stack means it."""
    client = get_session().create_client("s3", endpoint_url=bucket_server, region_name="us-east-1")
    said: list[str] = []
    users = {role: f"arn:aws:iam::123456789012:user/{role}" for role in ROLES}
    for _ in range(2):
        make_bucket(client, "made-twice", "store", users, said.append)

    kept = json.loads(client.get_bucket_policy(Bucket="made-twice")["Policy"])
    assert kept == policy("made-twice", "store", users)
    assert said[:3] == said[3:]


class _Refusing:
    """A server that makes a bucket and takes a policy, and answers a lifecycle with an error."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.meta = get_session().create_client("s3", region_name="us-east-1").meta

    def create_bucket(self, **_: Any) -> None:
        self._refuse("BucketAlreadyOwnedByYou")

    def put_bucket_policy(self, **_: Any) -> None: ...

    def put_bucket_lifecycle_configuration(self, **_: Any) -> None:
        self._refuse(self.code)

    def _refuse(self, code: str) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "it")


def test_a_server_without_lifecycles_is_told_of():
    """Its unfinished uploads are a person's to end."""
    said: list[str] = []
    make_bucket(_Refusing("NotImplemented"), "b", "store", USERS, said.append)

    assert "no lifecycle" in said[-1]


def test_a_lifecycle_that_is_refused_is_an_error():
    with pytest.raises(ClientError, match="AccessDenied"):
        make_bucket(_Refusing("AccessDenied"), "b", "store", USERS, print)
