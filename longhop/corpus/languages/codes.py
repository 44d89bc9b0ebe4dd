"""Languages: the codes they go by, and which of ours a text is asked about in."""

import re

# The languages that there are prompts, templates and rules of wording for.
LANGUAGES = ("en", "zh")
# Those written without spaces: their words cannot be counted by them.
UNSPACED = frozenset({"bo", "dz", "ja", "km", "lo", "my", "th", "zh"})

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"[a-z]{2,3}")
_UNKNOWN = frozenset({"mis", "mul", "nan", "und", "zxx"})
# ISO 639-2 and -3 codes that corpora give where a 639-1 code was asked for.
_LONG_CODES = (
    "eng:en zho:zh chi:zh cmn:zh ara:ar arb:ar ces:cs dan:da deu:de ger:de ell:el spa:es fas:fa"
    " per:fa fin:fi fra:fr fre:fr heb:he hin:hi hun:hu ind:id ita:it jpn:ja kor:ko nld:nl dut:nl"
    " nor:no pol:pl por:pt ron:ro rum:ro rus:ru swe:sv tha:th tur:tr ukr:uk urd:ur vie:vi"
)
_SHORT = dict(pair.split(":") for pair in _LONG_CODES.split())


def prompt_language(language: str) -> str:
    """The one of our languages that a text of any language is asked about in."""
    return "zh" if language == "zh" else "en"


def detect_language(text: str) -> str:
    """`zh` where Chinese characters make up a fifth of the letters, else `en`.

    For texts as short as a question, of which only the script can be trusted.
    """
    sample = text[:4000]
    letters = len(_LETTER.findall(sample))
    return "zh" if letters and len(_CJK.findall(sample)) / letters > 0.2 else "en"


def language_code(given: str) -> str:
    """The ISO 639-1 code in what a source says (`en-US`, `zho`), or nothing where it says none."""
    head = re.split(r"[-_]", given.strip().lower())[0]
    head = _SHORT.get(head, head)
    return head if _CODE.fullmatch(head) and head not in _UNKNOWN else ""
