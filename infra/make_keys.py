"""The keys of infra/compose.yaml: random words in files of one owner, made once and never again.

`python3 infra/make_keys.py [FOLDER]`, which is infra/keys unless another is named. A file that is
there stays as it is, and one that is missing gets the words of its neighbours: delete the folder
and all volumes to begin anew.
"""

import json
import os
import secrets
import sys
from pathlib import Path

_WORDS = ("api", "postgres", "owner", "builder", "reader", "housekeeper")


def files(words: dict[str, str]) -> dict[str, dict[str, str] | str]:
    """What each file says: variables for one service, or a word alone."""
    password = f"admin:{words['api']}"
    database = f"postgresql+asyncpg://prefect:{words['postgres']}@postgres:5432/prefect"
    return {
        "postgres_password": words["postgres"],
        "server.env": {
            "PREFECT_SERVER_API_AUTH_STRING": password,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        },
        "clients.env": {"PREFECT_API_AUTH_STRING": password},
        "store.env": {
            "ROOT_ACCESS_KEY_ID": "longhop-owner",
            "ROOT_SECRET_ACCESS_KEY": words["owner"],
        },
        "owner.env": {
            "AWS_ACCESS_KEY_ID": "longhop-owner",
            "AWS_SECRET_ACCESS_KEY": words["owner"],
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        "users.env": {
            "ADMIN_ACCESS_KEY": "longhop-owner",
            "ADMIN_SECRET_KEY": words["owner"],
            "BUILDER_SECRET": words["builder"],
            "READER_SECRET": words["reader"],
            "HOUSEKEEPER_SECRET": words["housekeeper"],
        },
        "worker.env": {
            "AWS_ACCESS_KEY_ID": "longhop-builder",
            "AWS_SECRET_ACCESS_KEY": words["builder"],
        },
        # Yours to change: any OpenAI-compatible endpoint, and its key.
        "endpoint.env": {"OPENAI_BASE_URL": "http://model:8399/v1", "OPENAI_API_KEY": "none"},
    }


def make(folder: Path) -> list[str]:
    """Have all files in a folder; the names of those that were made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / "words.json"
    words = json.loads(kept.read_text()) if kept.exists() else {}
    words = {name: words.get(name) or secrets.token_hex(20) for name in _WORDS}
    _write(kept, json.dumps(words, indent=1) + "\n")
    made = []
    for name, said in files(words).items():
        if not (folder / name).exists():
            _write(folder / name, _text(said))
            made.append(name)
    return made


def _text(said: dict[str, str] | str) -> str:
    if isinstance(said, str):
        return said  # a newline would become a part of the password
    return "".join(f"{name}={value}\n" for name, value in said.items())


def _write(path: Path, text: str) -> None:
    """Put a file in place whole, readable by its owner alone from its first moment on."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    draft.replace(path)


if __name__ == "__main__":
    place = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent / "keys"
    print(f"made in {place}: {', '.join(make(place)) or 'nothing, all of it was there'}")
