"""Licences as the Hugging Face hub names them: computed from the sources, never assumed."""

import re
from collections.abc import Iterable

# The hub's names of licences that texts stand under.
_NAMES = """
afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0
c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0
cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 ecl-2.0
epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0
lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 openrail osl-3.0 pddl postgresql unlicense
wtfpl zlib
"""
_KNOWN = frozenset(_NAMES.split())
# What the hub names without a version.
_VERSIONLESS = re.compile(r"^(odbl|odc-by|pddl|gfdl)-[\d.]+$")
_PUBLIC = {"cc0": "cc0-1.0", "cc0-1.0-universal": "cc0-1.0", "apache2": "apache-2.0"}
_UNKNOWN = frozenset({"", "unknown", "none", "n/a"})


def hub_licenses(licenses: Iterable[str]) -> list[str]:
    """The hub's names of some licences, each once, in order.

    One that it has no name for is `other`, and one that nobody told is `unknown`; a Creative
    Commons licence of another version or country is `cc`.
    """
    return sorted({_hub_name(each) for each in licenses})


def _hub_name(license: str) -> str:
    name = re.sub(r"[\s_]+", "-", license.strip().lower())
    if name in _UNKNOWN:
        return "unknown"
    name = re.sub(r"-(only|or-later|license|licence)$", "", name)
    name = re.sub(r"^the-", "", name)
    name = _PUBLIC.get(name, name)
    if found := _VERSIONLESS.match(name):
        name = found[1]
    if name in _KNOWN:
        return name
    return "cc" if name.startswith("cc-by") else "other"


def size_category(rows: int) -> str:
    """The hub's name for how many rows there are."""
    names = ["1K", "10K", "100K", "1M", "10M", "100M", "1B"]
    low = ""
    for power, high in enumerate(names, 3):
        if rows < 10**power:
            return f"{low}<n<{high}" if low else f"n<{high}"
        low = high
    return "1B<n<10B"
