"""The variables of the stack: what clients need, and what each server is told."""

import os
import shlex
from pathlib import Path

from infra.stack.folder import ROOT, Folder, write_private

BUCKET = "longhop"
_OURS = ("PREFECT_", "LONGHOP_", "OPENAI_", "AWS_", "PG", "CEPH_")
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "DO_NOT_TRACK": "1",
}


def bare() -> dict[str, str]:
    """Our own environment without whatever would change what a part of the stack does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    around = [each for each in (kept.get("NO_PROXY"), "127.0.0.1,localhost") if each]
    return {**kept, "NO_PROXY": ",".join(around)}


def of_clients(folder: Folder) -> dict[str, str]:
    """What whoever speaks to the stack needs, the worker among them."""
    keys = folder.known("s3_keys") or {"access_key": "", "secret_key": ""}
    return {
        **_QUIET,
        "PREFECT_HOME": str(folder.path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{folder.port('server')}/api",
        "PREFECT_API_AUTH_STRING": password(folder),
        "LONGHOP_HOME": str(ROOT),
        "LONGHOP_STORE": f"s3://{BUCKET}/store",
        "LONGHOP_JOURNALS": str(folder.path / "journals"),
        "LONGHOP_S3_ENDPOINT": f"http://127.0.0.1:{folder.port('gateway')}",
        "AWS_ACCESS_KEY_ID": keys["access_key"],
        "AWS_SECRET_ACCESS_KEY": keys["secret_key"],
        "AWS_DEFAULT_REGION": "us-east-1",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{folder.port('model')}/v1",
        "OPENAI_API_KEY": f"rehearsal-{folder.secret('endpoint')}",
    }


def of_server(folder: Folder) -> dict[str, str]:
    """What Prefect's server is told."""
    port = folder.port("server")
    database = f"127.0.0.1:{folder.port('postgres')}/prefect"
    return {
        **_QUIET,
        "PREFECT_HOME": str(folder.path / "prefect"),
        # For the links of notifications: the older pages, at the root, do not ask a person who
        # comes by a link for the password, and show nothing.
        "PREFECT_UI_URL": f"http://127.0.0.1:{port}/v2",
        # Without it the UI's pages ask port 4200, wherever they come from.
        "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_AUTH_STRING": password(folder),
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": (
            f"postgresql+asyncpg://prefect:{folder.secret('postgres')}@{database}"
        ),
    }


def of_worker(folder: Folder) -> dict[str, str]:
    """What the worker and its flow runs are told: as all clients, and by the user's own file."""
    return {
        **of_clients(folder),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",
        # Prefect's workers share a folder there, which the first user of a machine owns.
        "TMPDIR": str(folder.tmp),
        **read(own_file(folder)),
    }


def own_file(folder: Folder) -> Path:
    """The file of variables that a person has for the worker, such as another endpoint's."""
    return folder.path / "worker.env"


def password(folder: Folder) -> str:
    """What Prefect's server asks everybody for, and its UI too."""
    return f"admin:{folder.secret('api')}"


def write(folder: Folder) -> None:
    """Write the clients' variables where a shell can source them."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in of_clients(folder).items()]
    write_private(folder.env, "\n".join(lines) + "\n")


def read(path: Path) -> dict[str, str]:
    """The variables that a file sets, one a line as in a shell; none if there is no file."""
    if not path.exists():
        return {}
    lines = (shlex.split(line, comments=True) for line in path.read_text().splitlines())
    words = (word for line in lines for word in line if "=" in word)
    return {name: value for name, _, value in (word.partition("=") for word in words)}
