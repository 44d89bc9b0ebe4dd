"""The bucket's policy on a server that means it: a whole build with no right but the builder's."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from infra.bucket.documents import ROLES
from infra.bucket.making import make_bucket
from infra.stack import environment
from infra.stack.folder import ROOT, Folder
from infra.stack.gateway import Gateway
from infra.stack.model import Model
from tests.stack.driving import named_folder, write_pages

# A gateway is started and a dataset built before the first of them begins.
pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Guarded:
    """A bucket with a policy, and what each of its users may be."""

    name: str
    keys: dict[str, dict[str, str]]
    gateway: Gateway

    def client(self, user: str) -> Any:
        """The server, as one of its users sees it."""
        return get_session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=self.gateway.address,
            aws_access_key_id=self.keys[user]["access_key"],
            aws_secret_access_key=self.keys[user]["secret_key"],
            config=Config(proxies={}),
        )

    def names(self, prefix: str) -> list[str]:
        """The keys below a prefix, as the owner sees them."""
        pages = self.client("owner").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.name, Prefix=prefix)
        return [each["Key"] for page in found for each in page.get("Contents", [])]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A bucket of the stack's gateway with a user for each role, and a build of the builder's."""
    found = named_folder()
    if found is None:
        pytest.skip("LONGHOP_STACK names no folder of a running stack: `make stack`")
    folder, scratch = Folder(found), tmp_path_factory.mktemp("policy")
    stack = [sys.executable, "-m", "infra.stack", "--folder", str(found), "start"]
    for part in ("store", "model"):
        subprocess.run([*stack, part], check=True, cwd=ROOT, timeout=300)
    gateway = Gateway(folder)
    keys = {role: gateway.keys_of(f"longhop-{role}") for role in ROLES}
    bucket = Guarded(
        f"policy-{uuid.uuid4().hex[:8]}", {"owner": folder.known("s3_keys"), **keys}, gateway
    )
    owner = bucket.client("owner")
    users = {role: f"arn:aws:iam:::user/longhop-{role}" for role in ROLES}
    for _ in range(2):  # the second time changes nothing
        make_bucket(owner, bucket.name, "store", users, print)
    write_pages(scratch / "pages.jsonl", 0, 60)
    pages = (scratch / "pages.jsonl").read_bytes()
    owner.put_object(Bucket=bucket.name, Key="corpus/pages.jsonl", Body=pages)
    _build(bucket, folder, scratch)
    yield bucket


def _build(bucket: Guarded, folder: Folder, scratch: Path) -> None:
    """A build from the command line, out of the bucket into the bucket, with the builder's keys."""
    spec = {
        "name": "guarded",
        "corpus": {"paths": [f"s3://{bucket.name}/corpus/*.jsonl"]},
        "models": {"default": {"name": "rehearsal-1"}},
        "contexts": {"tokens": [1024]},
    }
    (scratch / "spec.yaml").write_text(yaml.safe_dump(spec))
    variables = {
        **environment.bare(),
        **environment.of_clients(folder),
        "LONGHOP_STORE": f"s3://{bucket.name}/store",
        "LONGHOP_JOURNALS": str(scratch / "journals"),
        "PREFECT_HOME": str(scratch / "prefect"),
        "AWS_ACCESS_KEY_ID": bucket.keys["builder"]["access_key"],
        "AWS_SECRET_ACCESS_KEY": bucket.keys["builder"]["secret_key"],
        "OPENAI_BASE_URL": Model(folder).address,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING"):
        del variables[name]
    command = [sys.executable, "-m", "flows.command_line", "build", str(scratch / "spec.yaml")]
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def refused(call: Any, **arguments: Any) -> bool:
    """Whether the server says that this is not allowed."""
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403, error
        return True
    return False


def test_a_builder_builds_and_publishes(guarded: Guarded):
    """The rights of its role are all that a build takes, on a server that refuses the rest."""
    # With Ceph an object belongs to whoever wrote it: not even the bucket's owner reads it unasked.
    latest = guarded.client("reader").get_object(
        Bucket=guarded.name, Key="store/datasets/guarded/latest.json"
    )
    version = json.load(latest["Body"])["version"]

    assert f"store/datasets/guarded/{version}/manifest.json" in guarded.names("store/datasets/")


def test_a_builder_removes_nothing_and_leaves_its_store_alone(guarded: Guarded):
    builder, bucket = guarded.client("builder"), guarded.name
    artifact = guarded.names("store/artifacts/")[0]

    assert refused(builder.delete_object, Bucket=bucket, Key=artifact)
    assert refused(builder.delete_object, Bucket=bucket, Key="store/datasets/guarded/latest.json")
    assert refused(builder.put_object, Bucket=bucket, Key="corpus/more.jsonl", Body=b"{}")
    assert refused(builder.put_object, Bucket=bucket, Key="results/x", Body=b"{}")
    assert refused(builder.put_bucket_policy, Bucket=bucket, Policy="{}")
    assert artifact in guarded.names("store/artifacts/")


def test_a_reader_reads_what_is_published_and_no_more(guarded: Guarded):
    reader, bucket = guarded.client("reader"), guarded.name

    assert reader.get_object(Bucket=bucket, Key="store/datasets/guarded/latest.json")
    assert reader.list_objects_v2(Bucket=bucket, Prefix="store/datasets/")["KeyCount"] > 0
    assert refused(reader.list_objects_v2, Bucket=bucket, Prefix="store/receipts/")
    assert refused(reader.get_object, Bucket=bucket, Key=guarded.names("store/receipts/")[0])
    assert refused(reader.get_object, Bucket=bucket, Key=guarded.names("store/memo/")[0])
    key = "store/datasets/guarded/latest.json"
    assert refused(reader.put_object, Bucket=bucket, Key=key, Body=b"{}")


def test_a_housekeeper_removes_from_the_store_alone(guarded: Guarded):
    keeper, bucket = guarded.client("housekeeper"), guarded.name
    prompt = guarded.names("store/prompts/")[0]
    keeper.delete_object(Bucket=bucket, Key=prompt)

    assert prompt not in guarded.names("store/prompts/")
    assert refused(keeper.delete_object, Bucket=bucket, Key="corpus/pages.jsonl")


def test_the_server_has_taken_the_lifecycle(guarded: Guarded):
    """One that it refused would be told, and then never carried out."""
    client = guarded.client("owner")
    rules = client.get_bucket_lifecycle_configuration(Bucket=guarded.name)["Rules"]

    assert {each["ID"] for each in rules if each["Status"] == "Enabled"} == {
        "abort-unfinished-uploads",
        "forget-prefect-results",
        "forget-what-was-replaced-or-removed",
    }
