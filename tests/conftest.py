"""A store of each kind, fresh for every test; nothing reaches a network but loopback."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from longhop.storage.files import Files, LocalFiles, open_files

os.environ.update(
    {
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "false",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
)
for name in ("PREFECT_API_URL", "AWS_ENDPOINT_URL"):
    os.environ.pop(name, None)
if "LONGHOP_LIVE" not in os.environ:
    for name in [each for each in os.environ if each.startswith(("OPENAI_", "LONGHOP_"))]:
        if not name.startswith(("LONGHOP_WRITE", "LONGHOP_STACK", "LONGHOP_SCREENSHOTS")):
            del os.environ[name]


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[str]:
    """An S3 server in this process."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(bucket_server: str) -> Files:
    """A bucket of its own."""
    import boto3

    name = f"test-{uuid.uuid4().hex[:12]}"
    boto3.client("s3", endpoint_url=bucket_server).create_bucket(Bucket=name)
    return open_files(f"s3://{name}/prefix", endpoint_url=bucket_server)


@pytest.fixture(params=["local", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Each kind of store in turn: what holds for one must hold for the other."""
    if request.param == "local":
        return LocalFiles(tmp_path / "store")
    found: Files = request.getfixturevalue("bucket")
    return found


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server with a database of its own; its address."""
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        from prefect.settings import PREFECT_API_URL

        yield str(PREFECT_API_URL.value())
