"""Untrusted text on its way into a page: as data that no parser takes for markup."""

import json
import unicodedata

# JSON may hold all of them as escapes, and means the same.
_RISKY = {each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def embedded_json(value: object) -> str:
    """The JSON of a value as it may stand inside of a script element, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, code in _RISKY.items():  # in a tenth of the time that translating takes
        text = text.replace(sign, code)
    return text


def visible(text: object) -> str:
    """The text in one line, with every sign that cannot be seen written out, as ⟨U+202E⟩."""
    return "".join(map(_shown, " ".join(str(text).split())))


def _shown(sign: str) -> str:
    return f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) in _HIDDEN else sign
