"""Names, dates and sizes in English prose, as parts of patterns."""

import re

_UPPER = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x250)) if letter.isupper())
_TOKEN = (
    rf"(?:(?:[{_UPPER}]\.){{1,4}}|(?:St|Dr|Jr|Sr|Mt|Ft|Mr|Mrs|Rev|Gen|Col|Capt)\."
    rf"|[{_UPPER}]\w*(?:(?:['’](?!s\b)|[-–/&])\w+)*)"
)
_JOIN = r"(?:of|the|de|la|le|du|des|del|della|di|da|dos|von|van|der|den|zu|al|el|bin|y|&)"
NAME = rf"(?>{_TOKEN}(?: (?:{_JOIN} ){{0,2}}{_TOKEN})*)(?!['’]s?\b)"
_THING = rf'(?P<o>"[^"]{{2,70}}"|{NAME})'
# What may stand after a name that ends there, and what shows that one of several was meant.
_AFTER = (
    r"(?=$|[,.;:?!\"]| [–-]| (?:and|in|on|at|for|from|with|as|by|starring|featuring|released"
    r"|that|who|which|after|during|since|until|when|where|between|around|about|near|along|he|she"
    rf"|it|aged|to(?! (?:the )?[{_UPPER}])|but|or|under|through|before|while|upon|using|against"
    r"|whose|also|based|via|because)\b)"
)
_ALONE = rf'(?! (?:and|&|or) (?:the )?[{_UPPER}"])(?!(?:, [^,;.]{{1,40}}){{1,4}},? and )'
# Words that never stand between "by" and the name: "by American country singer George Strait".
_STOP = (
    r"(?!(?:in|on|at|of|by|for|to|from|with|as|his|her|its|their|him|them|it|he|she|they|and|or"
    r"|which|who|that|the|starring|featuring|released|published|produced|written|directed|recorded"
    r"|performed|based|located|distributed|during|following|near|about|before|after|when|while"
    r"|where|then|but|also|later|de|la|von|van|der|du|di|da|del|al|is|was|are|were|until|since)\b)"
)
_LABEL = rf"(?:the )?(?:(?:[{_UPPER}][\w&/-]* ){{0,2}}(?:{_STOP}[a-z][\w/-]* ){{1,5}})?"
_WHERE = (
    r"(?:the )?(?:(?:\w+ )?(?:city|town|village|state|province|district|county|island|suburb|region"
    r"|municipality|neighbou?rhood|community|river|commune|borough|parish) of )?"
    r"(?:(?:north|south|east|west|central|upper|lower|downtown|nearby|modern|present-day)[a-z-]* )*"
    rf"(?P<o>{NAME})(?:{_AFTER}|(?= (?:department|district|province|region|county|municipality"
    rf"|area|metropolitan|neighbou?rhood|borough|suburb)\b))(?! and (?:the )?[{_UPPER}])"
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = (
    rf"(?:\d{{1,2}} {_MONTH} \d{{3,4}}|{_MONTH} \d{{1,2}}, \d{{3,4}}|{_MONTH},? \d{{4}}|\d{{3,4}})"
)
_AMOUNT = r"\d(?:[\d,.]*\d)?"

_SYMBOLS = {
    "<who>": rf"{_LABEL}{_THING}{_AFTER}{_ALONE}",
    "<one>": rf"{_LABEL}{_THING}{_AFTER}",
    "<called>": rf"{_THING}{_AFTER}",
    "<named>": rf"(?:the )?(?P<o>{NAME}){_AFTER}",
    "<event>": rf"(?:the )?(?P<o>(?:\d{{4}} )?{NAME}){_AFTER}",
    "<river>": rf"(?:the )?(?:[Rr]iver )?(?P<o>{NAME})(?: [Rr]iver)?{_AFTER}",
    "<where>": _WHERE,
    "<when>": rf"(?P<o>{DAY})(?![\w–-])",
    "<size>": rf"(?:about |around |approximately |over )?(?P<o>{_AMOUNT}(?: million)?)",
    "<height>": rf"(?P<o>{_AMOUNT} ?(?:m|ft|metres|meters|feet)\b)",
    "<length>": rf"(?P<o>{_AMOUNT} ?(?:m|km|mi|miles|metres|meters|kilomet(?:res|ers))\b)",
    "<is>": r"^(?:is|was|are|were)\b",
    "<a>": r"(?:an?|the|one)\b",
    "<stop>": _STOP,
    "<day>": DAY,
    "<place>": NAME,
    "<sites>": (
        r"(?:cit(?:y|ies)|towns?|villages?|hamlet|municipality|commune|district|county|province"
        r"|suburb|settlement|neighbou?rhood|communit(?:y|ies)|townships?|parish|island|lake|river"
        r"|mountain|peak|schools?|university|college|museum|church|mosque|temple|castle|bridge"
        r"|station|airport|stadium|hospital|park|fort|library|building|hotel|dam|street|square"
        r"|cemetery|theat(?:re|er)|prison|arena|house|place|congregation|monastery|palace|tower"
        r"|reservoir|bay|glacier|valley|region|locality|road)\b"
    ),
    "<firms>": (
        r"\b(?:compan|organi|firm|label|band|group|publisher|agenc|party|studio|airline|bank"
        r"|association|club|chain|manufacturer|newspaper|society|network|school)"
    ),
}


def spelled(pattern: str) -> re.Pattern[str]:
    """The pattern with its <symbols> spelled out; the group `o` is the object."""
    for symbol, meaning in _SYMBOLS.items():
        pattern = pattern.replace(symbol, meaning)
    return re.compile(pattern)
