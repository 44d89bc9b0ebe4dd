"""Personal data: found by form, confirmed by check digits and numbering plans."""

from time import process_time

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
        (
            "SSN: 536904399, Social Security number 536 90 4399",
            "SSN: [ssn], Social Security number [ssn]",
        ),
        ("from 135.45.63.4 and 2a00:1450:4001:81b::200e.", "from [ip] and [ip]."),
        ("2a00:1450::1 650 253 0000", "[ip] [phone]"),
        ("Tel. 020 7946 0958, Tel: (030) 901820", "Tel. [phone], Tel: [phone]"),
        ("Phone 01 42 68 53 00 or 01.42.68.53.01", "Phone [phone] or [phone]"),
        ("Tél. : 01\xa042\xa068\xa053\xa000", "Tél. : [phone]"),
        ("Call 6502530000 or 0800 1111 today", "Call [phone] or [phone] today"),
        ("Phone: 020 7946 0958 10 am", "Phone: [phone] 10 am"),
        ("电话010-65529988，手机：13800138000联系", "电话[phone]，手机：[phone]联系"),
        ("手机 138 0013 8000, 电话+86 10 6552 9988", "手机 [phone], 电话[phone]"),
        ("Tel.+49 (0)30 901820", "Tel.[phone]"),
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
        "030 901820, 13800138000, 6502530000 and 536904399",
        "Call 05.06.2023 10:30, call 2019-06-12 10:30, call 20190612",
        "call 08048410; to recall 020 7946 0958, the hotel 020 7946 0958",
        "a telephone of which nobody had heard: 020 7946 0958",
        "[phone] 020 7946 0958 and Tel [card] 020 7946 0958",
        "abc::def, dead::beef and fe80::1",
    ],
)
def test_numbers_of_other_kinds_stay(text: str):
    assert mask(text) == text


@given(st.text(alphabet="0123456789+-. ()@a:GB/") | st.text())
def test_masked_text_holds_no_more(text: str):
    assert not find_personal_data(mask(text))


@pytest.mark.parametrize(
    "unit",
    [
        *("1", "+", "(", ")", ".", "-", "@", ":", "a", "[", " ", "é", "１"),
        *("+1", "+1 ", "1 ", "1-", "(1)", "1.", "11 ", "+(", "1 (1) ", "1111 ", "+11 11 "),
        *("a.", "a@", "@a.", "a@a.", "a-", "a:", "1:", "::", "2a00:", "2a00::1 "),
        *("GB29", "GB29 ", "A1", "AB12CD34", "1.1.1.1.", "255.255.255.255 ", "111-11-"),
        *("Tel ", "Tel 0", "Tel 11 ", "Tel 030 901820 ", "Call (650) 253-0000 ", "SSN 536904399 "),
        *("+49 30 901820 ", "电话", "电话1", "4111 1111 ", "4111-", "v1.1.1.1 ", "Tel[phone]"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "hash +{}a", "a@{}1", "The order number is +1{}a."])
def test_no_text_takes_more_than_a_bounded_time_a_character(unit: str, around: str):
    """A pattern that tries every division of a run of digits into groups does not end here."""
    text = around.format(unit * (200_000 // len(unit)))
    start = process_time()

    find_personal_data(text)

    assert process_time() - start < 2


@pytest.mark.parametrize("digits", [12, 40, 2000])
def test_many_overlong_numbers_are_passed_over_quickly(digits: int):
    """Each is short, and each would be tried in every division."""
    text = f"The order number is +1{'1' * digits}a and so on. "
    start = process_time()

    assert not find_personal_data(text * (200_000 // len(text)))
    assert process_time() - start < 2
