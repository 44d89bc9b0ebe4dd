"""The conversation with a Hugging Face hub: one commit a version, and a tag that names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from longhop.errors import ConfigError, EndpointError, TransientError
from longhop.operations.pushing.packing import Package

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_KIND = "dataset"
# The hub's own file, which says what is stored as large.
_KEPT = frozenset({".gitattributes"})


@dataclass(frozen=True)
class Sent:
    """What a push did: where the dataset is, what went, and what is no longer there."""

    url: str
    files: int
    bytes: int
    removed: tuple[str, ...]
    new: bool


class Hub:
    """A hub at an address, as whoever has the token.

    Large files are sent before the commit and known there by their hashes, so a push that was cut
    sends on where it was, and nothing is seen of it before it is whole.
    """

    def __init__(self, endpoint: str, token: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._token = token

    def push(self, package: Package, repository: str, version: str, *, private: bool) -> Sent:
        """Let the repository be what the package is, as one commit with the version as its tag.

        Raises:
            ConfigError: The hub knows no such user, or lets them not write there.
            EndpointError, TransientError: The hub refuses or cannot be reached; what was sent is
                kept.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        api = self._api()
        with self._told(repository):
            api.create_repo(repository, repo_type=_KIND, private=private, exist_ok=True)
            if private and not api.repo_info(repository, repo_type=_KIND).private:
                raise ConfigError(
                    f"{repository} is there already, and everybody can see it: make it private at"
                    " the hub, or push without --private"
                )
            refs = api.list_repo_refs(repository, repo_type=_KIND)
            tags = {each.name: each.target_commit for each in refs.tags}
            there = set(api.list_repo_files(repository, repo_type=_KIND))
            gone = sorted(there - package.files.keys() - _KEPT)
            operations: list[Any] = [
                CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)
                for path, content in sorted(package.files.items())
            ]
            operations += [CommitOperationDelete(path_in_repo=each) for each in gone]
            commit = api.create_commit(
                repository, operations, commit_message=f"Version {version}", repo_type=_KIND
            )
            if tags.get(version) != commit.oid:
                # The same version, sent with what was turned away or without it.
                if version in tags:
                    api.delete_tag(repository, tag=version, repo_type=_KIND)
                api.create_tag(repository, tag=version, revision=commit.oid, repo_type=_KIND)
        return Sent(
            url=f"{self.endpoint}/datasets/{repository}",
            files=len(package.files),
            bytes=package.size,
            removed=tuple(gone),
            new=version not in tags,
        )

    def _api(self) -> "HfApi":
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.endpoint, token=self._token, library_name="longhop")

    @contextmanager
    def _told(self, repository: str) -> Iterator[None]:
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        try:
            yield
        except HFValidationError as error:
            raise ConfigError(f"repository {repository!r}: {error}") from error
        except HfHubHTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            raise self._meant(status, repository, str(error)) from error
        except (httpx2.HTTPError, OSError, RuntimeError) as error:
            # The client wraps what went wrong with a large file in a plain RuntimeError.
            raise TransientError(
                f"hub {self.endpoint}: {type(error).__name__}; push again, what was sent is kept"
            ) from error

    def _meant(self, status: int, repository: str, said: str) -> Exception:
        if status == 401:
            return ConfigError(f"hub {self.endpoint} does not know HF_TOKEN (401)")
        if status in (403, 404):
            return ConfigError(
                f"hub {self.endpoint}: with this HF_TOKEN nobody may write to {repository}"
                f" ({status}); it needs the right to write, and the repository has to be its own"
            )
        line = " ".join(said.split())[:200]
        if status >= 500 or status == 429:
            return TransientError(
                f"hub {self.endpoint} answers {status}; push again, what was sent is kept: {line}"
            )
        return EndpointError(f"hub {self.endpoint} refuses {repository} ({status}): {line}")
