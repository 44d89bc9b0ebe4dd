"""What every user of a bucket shares: the client, and its errors told as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from longhop.errors import StorageError, TransientError


def open_client(endpoint_url: str | None) -> Any:
    """A client of its own, which remembers no listing: others may write to the same bucket."""
    import s3fs  # some 0.3 s of imports that local files never need

    options: dict[str, Any] = {"endpoint_url": endpoint_url} if endpoint_url else {}
    return s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True, **options)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Errors of the client become ours, named by what a person or time can do about them.

    That a file is there, or is not, stays what it is: only the caller knows what it means.
    """
    import aiohttp
    import botocore.exceptions as boto

    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except (boto.EndpointConnectionError, boto.HTTPClientError, aiohttp.ClientError) as error:
        raise TransientError(f"{where}: cannot be reached: {error}") from error
    except (TimeoutError, ConnectionError) as error:
        raise TransientError(f"{where}: cannot be reached: {error}") from error
    except PermissionError as error:
        raise StorageError(f"{where}: access denied: {error}") from error
    except boto.NoCredentialsError as error:
        raise StorageError(
            f"{where}: no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from error
    except (OSError, boto.ClientError, boto.BotoCoreError) as error:
        raise StorageError(f"{where}: {error}") from error
