"""Personal data: what names one person's mailbox, telephone, account, card or machine.

Cheap patterns propose, libraries that know the check digits and numbering plans decide.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
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
# Every pattern takes a bounded number of steps at a character, so that no text is slow to read: one
# way only to divide digits into groups, and no more of them than E.164 and a prefix have.
_ABROAD = re.compile(r"(?<![\w+.=/-])\+\d(?:\)?[ \xa0./-]?\(?\d){5,15}\d(?![\w=/-]|\.\d)")
_AMERICAN = re.compile(
    r"(?<![\w+.=/-])(?<!::)(?:\+?1[ .-])?"
    r"(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([-. ]))[2-9]\d{2}(?(1)\1|[-. ])\d{4}(?![\w=/-]|\.\d)"
)
# As a country writes its own numbers: too much else looks like it, but after a word for telephone.
_NATIONAL = re.compile(
    r"(?<![\dA-Za-z_+=/-])(?<!\d\.)\+?\(?\d(?:\)?[ \xa0./-]?\(?\d){5,15}\d(?![\dA-Za-z_=/-]|\.\d)"
)
# The forms of national numbers, and who has them; eight digits alone are rather an `08048410` that
# a program calls, so that a bare number needs ten.
_PLANS = (
    (re.compile(r"\(?0(?=.*[^\d()]|.{9}).*"), ("GB", "DE", "FR", "CN")),
    (re.compile(r"1[3-9]\d([ -]?)\d{4}\1\d{4}|[48]00([ -]?)\d{3}\2\d{4}"), ("CN",)),
    (re.compile(r"(?:1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-]?\d{4}"), ("US",)),
    (re.compile(r"\+.*"), ("US",)),
)
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}(?!\d)")
# A mask between the word and the number is where another number stood.
_GAP = rf"(?:(?!\[(?:{'|'.join(PersonalKind)})\])[\s\S]){{0,20}}$"
_PHONE_WORD = re.compile(
    r"(?:(?<![^\W\d_])(?<!\[)(?:t[eé]l|(?:t[eé]l[eé])?phone|telefon|mobile|call|fax)(?![^\W\d_])"
    rf"|电话|電話|手机|手機){_GAP}",
    re.IGNORECASE,
)
_SSN_WORD = re.compile(rf"(?<![^\W\d_])(?<!\[)(?:ssn|social security)(?![^\W\d_]){_GAP}", re.I)
_CARD = re.compile(
    r"(?<![\w.,+=/-])[2-6]\d{3}"
    r"(?:\d{9,12}|([ -])\d{4}\1\d{4}\1\d{1,4}|([ -])\d{6}\2\d{4,5})(?![\w=/-]|[.,]\d)"
)
_CARD_ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|3[0689]|35|6011|64[4-9]|65|62")
_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
_SSN = re.compile(r"(?<![\w.-])\d{3}([ -]?)\d{2}\1\d{4}(?![\w-]|\.\d)")
_IPV4 = re.compile(r"(?<![\w.:/@-])(?:\d{1,3}\.){3}\d{1,3}(?![\w/-]|\.\d)")
# All that is given out begins with 2 or 3; `abc::def` is rather a name in a program.
_IPV6 = re.compile(r"(?<![\w.:])[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,34}(?![\w:/]|\.\d)")
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
    found += _find_phones(text)
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


def _find_phones(text: str) -> Iterator[PersonalData]:
    """The telephone numbers, each cut at a space where another number follows it."""
    for pattern in (_ABROAD, _AMERICAN, _NATIONAL):
        at = 0
        while match := pattern.search(text, at):
            at = match.end()
            if pattern is _NATIONAL and not _is_after(_PHONE_WORD, match):
                continue
            number = match.group()
            while number and not _is_phone(number):
                number = number[: max(number.rfind(" "), 0)]
            if number:
                at = match.start() + len(number)
                yield PersonalData(match.start(), at, PersonalKind.PHONE)


def _is_after(word: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether the word ends at most 20 characters before the match."""
    return bool(word.search(match.string, max(0, match.start() - 36), match.start()))


def _is_phone(number: str) -> bool:
    """Whether the numbering plan of a country that writes its numbers so has the number."""
    import phonenumbers

    if _DATE.match(number):
        return False
    for form, regions in _PLANS:
        for region in regions if form.fullmatch(number) else ():
            try:
                if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                    return True
            except phonenumbers.NumberParseException:
                pass
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

    digits = re.sub(r"\D", "", match.group())
    return ssn.is_valid(digits) and (match[1] == "-" or _is_after(_SSN_WORD, match))


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
    (PersonalKind.CARD, _CARD, _is_card),
    (PersonalKind.IBAN, _IBAN, _is_iban),
    (PersonalKind.SSN, _SSN, _is_ssn),
    (PersonalKind.IP, _IPV4, _is_address),
    (PersonalKind.IP, _IPV6, _is_address),
)
