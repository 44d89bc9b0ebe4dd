"""HTTP to this machine itself, past whatever proxy its environment names."""

import urllib.error
import urllib.request

direct = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def status_of(address: str, **headers: str) -> int | None:
    """The status with which an address answers; None where nobody does."""
    try:
        with direct(urllib.request.Request(address, headers=headers), timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None
