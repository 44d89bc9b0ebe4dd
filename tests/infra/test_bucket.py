"""The bucket's policy and lifecycle, held against what a build really asks of its bucket."""

from pathlib import Path
from typing import Any

import pytest
from aiobotocore.client import AioBaseClient

from flows.build_dataset import build_dataset
from infra.bucket.documents import ROLES, lifecycle, policy
from longhop.operations import preparing
from longhop.resources import Silence, entered
from longhop.settings import Settings
from longhop.spec.form import form_of
from longhop.storage.files import Files
from longhop.storage.memo.compacting import SMALL_SEGMENTS
from tests.infra.policies import allows, forgets
from tests.world import WorldResources, make_spec, write_corpus

# The right that each request of S3 takes.
_RIGHTS = {
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "ListParts": "s3:ListMultipartUploadParts",
    "DeleteObject": "s3:DeleteObject",
    "ListObjectsV2": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
}
USERS = {role: f"the-{role}" for role in ROLES}
POLICY = policy("longhop", "store", USERS)
PATHS = [
    "store/probe",
    "store/artifacts/single_hop/3f.parquet",
    "store/receipts/ask/1c.json",
    "store/memo/answers/9a.jsonl",
    "store/prompts/77",
    "store/datasets/almanac/latest.json",
]


def may(role: str, right: str, path: str) -> bool:
    """Whether a role has a right on an object of the bucket `longhop`."""
    return allows(POLICY, USERS[role], right, f"arn:aws:s3:::longhop/{path}")


def may_list(role: str, prefix: str | None) -> bool:
    """Whether a role may list the keys that begin so."""
    return allows(POLICY, USERS[role], "s3:ListBucket", "arn:aws:s3:::longhop", prefix=prefix)


class Asked:
    """Every request that is sent to a bucket, whoever sends it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[tuple[str, dict[str, Any]]] = []
        send = AioBaseClient._make_api_call

        async def noted(client: Any, operation: str, values: dict[str, Any]) -> Any:
            self.seen.append((operation, dict(values)))
            return await send(client, operation, values)

        monkeypatch.setattr(AioBaseClient, "_make_api_call", noted)

    def beyond(self, rights: dict[str, Any], who: str) -> set[tuple[str, str]]:
        """The requests that a policy does not let somebody make."""
        return {
            (operation, str(values.get("Key", values.get("Prefix"))))
            for operation, values in self.seen
            if not _granted(rights, who, operation, values)
        }


def _granted(rights: dict[str, Any], who: str, operation: str, values: dict[str, Any]) -> bool:
    bucket = f"arn:aws:s3:::{values['Bucket']}"
    where = f"{bucket}/{values['Key']}" if "Key" in values else bucket
    granted = allows(rights, who, _RIGHTS[operation], where, prefix=values.get("Prefix"))
    if _RIGHTS[operation] == "s3:GetObject":  # or what is not there would be forbidden
        granted = granted and allows(rights, who, "s3:ListBucket", bucket)
    return granted


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What is asked of buckets during a test."""
    return Asked(monkeypatch)


@pytest.mark.usefixtures("prefect_server")
async def test_a_build_asks_for_nothing_that_its_builder_may_not(
    tmp_path: Path, bucket: Files, asked: Asked, monkeypatch: pytest.MonkeyPatch
):
    """Two nights, since the second one lists and reads what the first one wrote."""

    async def no_look(*_: Any) -> None:
        return None

    monkeypatch.setattr(preparing, "check_models", no_look)
    name, prefix = bucket.root.removeprefix("s3://").split("/")
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    for night in ("one", "two"):
        settings = Settings(store=bucket.root, journals=tmp_path / night)
        live = WorldResources(settings, bucket, Silence())
        with entered(live):
            await build_dataset(**form_of(spec))
        _merge_segments(live)
        live.answers.close()
        live.sketches.close()
    written = bucket.list("")

    assert {each.split("/")[0] for each in written} == {
        "artifacts", "receipts", "memo", "prompts", "datasets", "probe",
    }  # fmt: skip
    assert asked.beyond(policy(name, prefix, USERS), USERS["builder"]) == set()
    assert {each for each, _ in asked.seen} >= {
        "PutObject", "HeadObject", "GetObject", "ListObjectsV2", "DeleteObject",
    }  # fmt: skip
    keeper = policy(name, prefix, USERS)
    for path in written:
        where = f"arn:aws:s3:::{name}/{prefix}/{path}"
        assert allows(keeper, USERS["housekeeper"], "s3:DeleteObject", where)
        reads = allows(keeper, USERS["reader"], "s3:GetObject", where)
        assert reads == path.startswith("datasets/")
        assert not forgets(lifecycle(prefix), f"{prefix}/{path}")


def _merge_segments(live: WorldResources) -> None:
    """So many small segments that closing the memo merges them: the one thing a build removes."""
    for number in range(SMALL_SEGMENTS + 1):
        live.answers.put(f"{number}", {"said": number})
        live.answers.flush()


@pytest.mark.parametrize("path", PATHS)
def test_a_builder_writes_where_builds_write_and_removes_from_the_memo_alone(path: str):
    """Whoever has a builder's keys can remove nobody's dataset, receipt or artifact."""
    assert may("builder", "s3:PutObject", path)
    assert may("builder", "s3:GetObject", path)
    assert may("builder", "s3:DeleteObject", path) == path.startswith("store/memo/")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_let_out_of_the_store(role: str):
    """Another store that begins alike is another one, and what Prefect reads back is run."""
    for path in ("results/x", "store2/artifacts/x", "storex", "other", "corpus/pages.jsonl"):
        assert not may(role, "s3:PutObject", path)
        assert not may(role, "s3:DeleteObject", path)
    for path in ("results/x", "store2/artifacts/x", "storex", "other"):
        assert not may(role, "s3:GetObject", path)


@pytest.mark.parametrize("role", ["builder", "housekeeper"])
def test_whoever_looks_for_a_receipt_is_told_that_there_is_none(role: str):
    """A server says "not there" only to those who may list, and "forbidden" to all others.

    It asks for that right without a prefix, so that a condition on prefixes never holds.
    """
    assert may_list(role, None)


def test_a_builder_reads_its_corpus():
    assert may("builder", "s3:GetObject", "corpus/pages.jsonl")
    assert may_list("builder", "corpus/")
    assert not may("reader", "s3:GetObject", "corpus/pages.jsonl")


def test_a_reader_sees_datasets_alone():
    assert may("reader", "s3:GetObject", "store/datasets/almanac/latest.json")
    assert may_list("reader", "store/datasets/almanac/")
    for prefix in (None, "", "store/", "store/receipts/", "results/"):
        assert not may_list("reader", prefix)
    for path in PATHS:
        assert not may("reader", "s3:PutObject", path)
        assert not may("reader", "s3:DeleteObject", path)
        assert may("reader", "s3:GetObject", path) == path.startswith("store/datasets/")


@pytest.mark.parametrize("right", ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:*"])
@pytest.mark.parametrize("role", ROLES)
def test_no_role_changes_the_bucket(role: str, right: str):
    assert not allows(POLICY, USERS[role], right, "arn:aws:s3:::longhop")


def test_a_stranger_may_nothing():
    assert not allows(POLICY, "somebody", "s3:GetObject", f"arn:aws:s3:::longhop/{PATHS[-1]}")
    assert not any("*" in each["Principal"]["AWS"] for each in POLICY["Statement"])


@pytest.mark.parametrize("path", PATHS)
def test_nothing_paid_or_published_is_gone_by_age(path: str):
    """A receipt without its artifact is void, and a memo without its lines is paid for again."""
    assert forgets(lifecycle("store"), path) == []


def test_a_results_prefix_is_forgotten_and_uploads_are_ended():
    rules = lifecycle("store")

    assert forgets(rules, "results/x") == ["forget-prefect-results"]
    assert any("AbortIncompleteMultipartUpload" in each for each in rules["Rules"])
