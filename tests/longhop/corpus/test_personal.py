"""Personal data: found by form, confirmed by check digits and numbering plans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.cleaning.personal import find_personal_data, mask_personal_data


def mask(text: str) -> str:
    return mask_personal_data(text, find_personal_data(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to ada.holm+x@orlin.co.uk.", "Write to [email]."),
        ("mailto:müller@köln.de", "mailto:[email]"),
        ("Ring +49 30 901820 or (650) 253-0000!", "Ring [phone] or [phone]!"),
        ("Ring 650.253.0000, +1-650-253-0000.", "Ring [phone], [phone]."),
        ("电话：+86 10 6552 9988。", "电话：[phone]。"),
        ("Card 4111 1111 1111 1111, 5500005555555559", "Card [card], [card]"),
        ("Pay GB29 NWBK 6016 1331 9268 19 now", "Pay [iban] now"),
        ("IBAN DE89370400440532013000", "IBAN [iban]"),
        ("SSN 536-90-4399.", "SSN [ssn]."),
        ("from 135.45.63.4 and 2a00:1450:4001:81b::200e", "from [ip] and [ip]"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "founded in 1833, 1841-1850 and 2019-06-12 10:30",
        "ISBN 978-0-306-40615-7, ISBN 0-306-40615-2",
        "$1,234,567.89 and 12 345 678 900 people",
        "650 - 253 - 1234 = -837; 1234567890 + 4111111111111111.5",
        "Python 3.11.4, version 4.18.0.305 and Chrome/120.0.6099.71",
        "PEP 8, KEP-1234, EIP-1559, RFC 5737",
        "section 7.1.1.2 and 10.0.0.1, 192.168.0.1, 127.0.0.1, 203.0.113.7",
        "10.96.0.0/12 2001:db8::1 aa:bb:cc:dd:ee:ff 12:30:45",
        "user@example.com, git@github.com:a/b, @decorator, a@b",
        "https://mail.org/list/dev@python.org/thread",
        "4111 1111 1111 1112, 1234-56-7890, 000-12-3456",
        "0x4111111111111111 and 3.141592653589793",
        "GB00 NWBK 6016 1331 9268 19",
        "(123) 456-7890 and 123-456-7890",
    ],
)
def test_numbers_of_other_kinds_stay(text: str):
    assert mask(text) == text


@given(st.text(alphabet="0123456789+-. ()@a:GB/") | st.text())
def test_masked_text_holds_no_more(text: str):
    assert not find_personal_data(mask(text))
