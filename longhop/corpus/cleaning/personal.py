"""Personal data: what names one person's mailbox, telephone, account, card or machine.

Cheap patterns propose, libraries that know the check digits and numbering plans decide.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple


class PersonalKind(StrEnum):
    """A kind of personal data, and what its mask says."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    IP = "ip"
    SSN = "ssn"


class PersonalData(NamedTuple):
    """Characters [start, end) of a text that are personal data of a kind."""

    start: int
    end: int
    kind: PersonalKind


_EMAIL = re.compile(r"(?<![\w.+%/-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b")
# Names that stand for no mailbox (RFC 2606), and what looks like one in an address of a machine.
_NO_MAILBOX = re.compile(
    r"^git@|@(?:.*\.)?(?:example\.\w+|\w+\.(?:example|invalid|test|local|localhost|internal))$",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w+.=/-])(?:\+\d{1,3}[ .-]?(?:\(?\d{1,5}\)?[ ./-]?){2,6}\d{2,}"
    r"|(?:\+?1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([-. ]))[2-9]\d{2}(?(1)\1|[-. ])\d{4})"
    r"(?![\w=/-]|\.\d)"
)
_CARD = re.compile(
    r"(?<![\w.,+=/-])[2-6]\d{3}"
    r"(?:\d{9,12}|([ -])\d{4}\1\d{4}\1\d{1,4}|([ -])\d{6}\2\d{4,5})(?![\w=/-]|[.,]\d)"
)
_CARD_ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|3[0689]|35|6011|64[4-9]|65|62")
_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
_SSN = re.compile(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-]|\.\d)")
_IPV4 = re.compile(r"(?<![\w.:/@-])(?:\d{1,3}\.){3}\d{1,3}(?![\w/-]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w.:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::|[0-9A-Fa-f]{1,4})(?:[0-9A-Fa-f:]*)(?![\w:/.])"
)
# Of four numbers in an address at least one is larger, but for one address in 250.
_SMALL = 64
# Four numbers with points are a version after one of these.
_VERSIONED = re.compile(
    r"(?:\b(?:version|release|build|section|chapter|v)\W{0,3}|§ ?)$", re.IGNORECASE
)


def find_personal_data(text: str) -> list[PersonalData]:
    """The personal data of a text, in order; where two overlap the first and longest is taken."""
    found = [
        PersonalData(*match.span(), kind)
        for kind, pattern, confirm in _KINDS
        for match in pattern.finditer(text)
        if confirm(match)
    ]
    kept: list[PersonalData] = []
    for each in sorted(found, key=lambda it: (it.start, -it.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def mask_personal_data(text: str, found: Sequence[PersonalData]) -> str:
    """The text with its kind in brackets in place of each find: `[email]`."""
    pieces, at = [], 0
    for each in found:
        pieces += [text[at : each.start], f"[{each.kind}]"]
        at = each.end
    return "".join((*pieces, text[at:]))


def _is_mailbox(match: re.Match[str]) -> bool:
    return not _NO_MAILBOX.search(match.group())


def _is_phone(match: re.Match[str]) -> bool:
    """Whether the numbering plan of its country has the number; the United States' if unsaid."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(match.group(), "US"))
    except phonenumbers.NumberParseException:
        return False


def _is_card(match: re.Match[str]) -> bool:
    from stdnum import luhn

    digits = re.sub(r"\D", "", match.group())
    return bool(_CARD_ISSUERS.match(digits)) and luhn.is_valid(digits)


def _is_iban(match: re.Match[str]) -> bool:
    from stdnum import iban

    return iban.is_valid(match.group())


def _is_ssn(match: re.Match[str]) -> bool:
    from stdnum.us import ssn

    return ssn.is_valid(match.group())


def _is_address(match: re.Match[str]) -> bool:
    """Whether it is one machine's on the public net; private and documented ones are nobody's.

    Four small numbers are rather the number of a section or a version.
    """
    if "." in match.group() and max(map(int, match.group().split("."))) < _SMALL:
        return False
    if _VERSIONED.search(match.string, max(0, match.start() - 20), match.start()):
        return False
    try:
        return ipaddress.ip_address(match.group()).is_global
    except ValueError:
        return False


_KINDS: tuple[tuple[PersonalKind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (PersonalKind.EMAIL, _EMAIL, _is_mailbox),
    (PersonalKind.PHONE, _PHONE, _is_phone),
    (PersonalKind.CARD, _CARD, _is_card),
    (PersonalKind.IBAN, _IBAN, _is_iban),
    (PersonalKind.SSN, _SSN, _is_ssn),
    (PersonalKind.IP, _IPV4, _is_address),
    (PersonalKind.IP, _IPV6, _is_address),
)
