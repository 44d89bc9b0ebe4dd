"""What an English sentence claims: its subject first, then the patterns of what follows it."""

import re
from collections.abc import Iterator

from longhop.rehearsal.names import NAME, spelled
from longhop.rehearsal.relations import ROLES

Claim = tuple[str, str, str, bool]


def _by(participles: str) -> str:
    """A participle and who did it, with other participles, a time or a place between."""
    others = r"(?:,? (?:and )?(?:[a-z]+-)?[a-z]+(?:ed|en|un|it)\b){0,3}"
    between = r"(?: (?:in|on|at) (?:<day>|<place>(?:, <place>){0,2})){0,2}"
    return rf"\b(?:{participles}){others}{between} by <who>"


def _at(participles: str) -> str:
    """A participle and its time, with who did it or a place between."""
    between = r"(?: by [^,;]{3,40}?| in <place>(?:, <place>)?| and [a-z]+)?"
    return rf"\b(?:{participles}){between},? (?:in |on )?<when>"


# Of what follows the subject: the relation, a word that must be there, the pattern.
_PREDICATES = tuple(
    (key, cue, spelled(pattern))
    for key, cue, pattern in (
        ("place of birth", "born", r"<is> born\b[^;]{0,60}? (?:in|at|near) <where>"),
        ("date of birth", "born", r"<is> born\b[^;]{0,60}? (?:on|in) <when>"),
        ("place of death", "died", r"(?:^|\band (?:he |she )?)died\b[^;]{0,40}? (?:in|at) <where>"),
        ("date of death", "died", r"(?:^|\band (?:he |she )?)died\b[^;]{0,40}? (?:on|in) <when>"),
        ("place of burial", "buried", r"\bburied (?:in|at) <where>"),
        ("spouse", "married", r"^(?:(?:is|was|has been) )?(?:\w+ )?married(?: to)? <who>"),
        ("spouse", " of ", r"<is> the (?:\w+ )?(?:wife|husband|widow|spouse|consort) of <who>"),
        ("parent", " of ", r"<is> <a> (?:[a-z-]+ ){0,3}(?:son|daughter|child) of <one>"),
        ("sibling", " of ", r"<is> <a> (?:[a-z-]+ ){0,3}(?:brother|sister|sibling) of <one>"),
        ("education", " at ", r"^(?:\w+ )?(?:studied|was educated)\b[^;,]{0,50}? at <named>"),
        ("education", " from ", r"\b(?:graduated|degree|doctorate)\b[^;,]{0,50}? from <named>"),
        ("education", "attended", r"\battended <named>"),
        ("employer", "work", r"^(?:\w+ )?work(?:s|ed) (?:for|at) <who>"),
        ("employer", "joined", r"^joined <named>"),
        ("employer", "professor", r"<is> [^;,]{0,50}?\bprofessor\b[^;,]{0,50}? at <named>"),
        ("membership", "memb", r"\bmember of (?:the )?(?:<stop>[\w-]+ )*?(?:band|group) <called>"),
        ("membership", "member", r"\bmember of the <called>"),
        ("team", "play", r"\b(?:plays|played) (?:\w+ ){0,2}for <named>"),
        ("award", "won", r"^(?:\w+ )?won (?:an? )?<named>"),
        ("river", " on ", r"\b(?:lies|stands|located|situated|is) on (?:the banks of )?<river>"),
        ("location", " in ", r"<is> <a> (?:(?!\b(?:from|by|based|who|that|which|team|series|film"
         r"|album|song|club)\b)[^;,])*?\b<sites>(?: [a-z-]+)? in <where>"),
        ("location", " of ", r"<is> <a> [^,;]*?\b(?:suburb|neighbou?rhood|district) of <where>"),
        ("location", "ated", r"\b(?:located|situated)\b[^;,]{0,40}? (?:in|at) <where>"),
        ("headquarters", "headquartered", r"\bheadquartered (?:in|at) <where>"),
        ("headquarters", "based in", r"<is> [^;]*?<firms>[^;]*?\bbased in <where>"),
        ("headquarters", "headquarters", r"\b(?:has|had|with) its headquarters in <where>"),
        ("mouth", "flows", r"\bflows (?:[a-z]+ )?into <river>"),
        ("mouth", "tributary", r"<is> <a> [^;,]{0,30}?tributary of <river>"),
        ("source", "rises", r"\brises (?:in|on|from) <named>"),
        ("city of licence", "licensed", r"\blicensed to(?: serve)?(?: [a-z]+ of)? <where>"),
        ("performer", "by ", r"<is> <a> (?:(?!\b(?:based on|about|from|for|with|written|directed"
         r"|produced)\b)[^;])*?\b(?:album|song|single|EP|mixtape|soundtrack|track)\b"
         r"(?: recorded| performed| released| sung)?,? by <who>"),
        ("author", "by ", r"<is> <a> (?:(?!\b(?:based on|about|for|with|directed|of)\b)[^;])*?"
         r"\b(?:novel|book|play|poem|memoir|novella|biography|story)\b(?: in \d{4})?,? by <who>"),
        ("film director", "by ", r"<is> <a> (?:(?!\b(?:based on|about|from|for|with|written"
         r"|produced)\b)[^;,])*?\b(?:film|documentary)(?: made)? by <who>"),
        ("composer", "by ", r"<is> <a> (?:(?!\b(?:based on|about|from|for|with)\b)[^;])*?"
         r"\b(?:opera|ballet|symphony|sonata|concerto|musical)(?: written)? by <who>"),
        ("painter", "by ", r"<is> <a> [^;]*?\bpainting\b[^;,]{0,20} by <who>"),
        ("album", "album", r"\b(?:from|off|on) (?:[^;.]{0,60}? )?album,? <called>"),
        ("model work", "based on", r"\bbased on (?:[^;.\"]{0,60}? )?(?:novel|book|play|story|memoir"
         r"|series|manga|film),? (?!by\b)<called>"),
        ("star", "starring", r"\bstarring <one>"),
        ("residence", " in ", r"\b(?:lived|lives|resides|grew up|settled|raised) in <where>"),
        ("residence", "moved to", r"\bmoved to <where>"),
        ("venue", " held", r"<is> [^;,]{0,60}?\bheld (?:in|at) <where>"),
        ("venue", "took place", r"\btook place (?:in|at) <where>"),
        ("studio", "recorded", r"\brecorded (?:live )?(?:in|at) <where>"),
        ("setting", " set in", r"\bset in (?:[a-z]+ ){0,3}?<where>"),
        ("best work", "known for", r"\bknown for [^;\"]{0,80}?\b(?:in|on|series|sitcom|show"
         r"|novel|song|single|film) <called>"),
        ("origin", " from ", r"<is> <a> [^;,]{0,60}?\b(?:band|group|duo|trio|quartet"
         r"|ensemble)\b(?: formed)? from <where>"),
        ("series", "character", r"<is> <a> [^;]{0,40}?\bcharacter\b[^;]{0,20}? (?:in|on|of) <one>"),
        ("series", "episode", r"<is> <a> [^;]{0,60}?\bepisode of [^;]{0,60}?series <called>"),
        ("sequel", "sequel", r"\bsequel to (?:\w+ )??<one>"),
        ("whole", "part of", r"\b(?:is|are) (?:now )?part of (?:the )?<named>"),
        ("event", " in ", r"\b(?:competed|participated|took part)\b[^;,]{0,30}? (?:in|at) <event>"),
        ("network", " on ", r"\b(?:aired|broadcast|premiered|airs)\b[^;,]{0,20}? on <named>"),
        ("namesake", "named", r"\bnamed (?:after|for|in honou?r of) <who>"),
        ("record label", "released", r"\breleased\b[^;.]{0,40}? (?:by|on|through|via|under) <named>"
         r"(?:(?<=Records)|(?<=Music))"),
        ("population", "population", r"^(?:has|had)\b[^;]{0,40}?population of <size>"),
        ("height", " of ", r"\b(?:elevation|height) of <height>"),
        ("height", "is ", r"^is <height> (?:high|tall)"),
        ("length", "long", r"^is <length> long"),
        ("length", "length", r"\blength of <length>"),
    )
)  # fmt: skip
# What is said of a thing that was, or is a thing, founded, written, built …
_PARTICIPLES = tuple(
    (key, spelled(pattern))
    for key, pattern in (
        ("place of foundation", r"\b(?:founded|established|formed) (?:in \d{4} )?in <where>"),
        ("actor", _by("played|portrayed")),
        ("author", _by("written|authored|penned")),
        ("film director", _by("directed")),
        ("composer", _by("composed")),
        ("designer", _by("designed")),
        ("builder", _by("built|constructed")),
        ("publisher", _by("published")),
        ("producer", _by("produced")),
        ("performer", _by("performed|recorded|sung")),
        ("owner", _by("owned")),
        ("founder", _by("founded|established|formed|created")),
        ("developer", _by("developed")),
        ("manufacturer", _by("manufactured|made")),
        ("discoverer", _by("discovered")),
        ("winner", _by("won")),
        ("distributor", _by("distributed")),
        ("presenter", _by("presented|hosted")),
        ("ruler", _by("ruled")),
        ("painter", _by("painted")),
        ("year of foundation", _at("founded|established|formed|organi[sz]ed")),
        ("year of construction", _at("built|constructed|completed|erected")),
        ("year of publication", _at("published")),
        ("date of release", _at("released")),
        ("date of opening", _at("opened")),
    )
)
# Where the subject is the one who did it, or the object of a relation the other way round.
_INVERSE = tuple(
    (key, cue, spelled(pattern))
    for key, cue, pattern in (
        ("capital", "capital", r"<is> <a> [^,;]{0,40}?\bcapital(?: city)? of <where>"),
        ("county seat", "county seat", r"<is> <a> [^,;]{0,40}?\bcounty seat of <where>"),
        *(
            (key, verb, rf"^(?:\w+ed )?(?:co-)?{verb} (?:the )?<called>(?! and [A-Z])")
            for key, verb in (
                ("founder", "founded"), ("author", "wrote"), ("film director", "directed"),
                ("composer", "composed"), ("designer", "designed"), ("owner", "owns"),
            )
        ),
    )
)  # fmt: skip
_ROLE = re.compile(
    rf"^The ({'|'.join(ROLES)}) of (?:the )?(?P<s>{NAME}) (?:is|was) (?P<o>{NAME})(?=[,.;]|$| and)"
)
_LIFE = tuple(
    (key, spelled(pattern))
    for key, pattern in (
        ("date of birth", r"^(?:[^()]*;\s*)?(?:born |b\. )?(?:on )?<when>"),
        ("place of birth", r"^(?:[^()]*;\s*)?(?:born |b\. )?(?:(?:on )?<day>,? )?in <where>"),
        ("date of death", r"<day>[^–-]*[–-] ?(?:c\. )?<when>"),
        ("place of death", r"<day>[^–-]*[–-] ?<day>,? in <where>"),
    )
)
_OPENING = re.compile(r"^(?:In|On|By) (?:\w+ )?(?:\d{1,2}, )?\d{4},? ")
_PRONOUN = re.compile(
    r"^(?:It|He|She|They|The (?:film|album|song|book|novel|city|town|village|station|school"
    r"|building|company|band|river|county|district|church|bridge|museum|university|series|game"
    r"|house|group|organization|newspaper|mountain|island|park|show)) (?=[a-z])"
)
_BEING = re.compile(
    r"^(?:(?:is|was|were|are|has been|had been) |, )"
    r"(?:(?! (?:who|whose|where|while|when) |, which |;|, and (?:the|his|her|its|they)\b"
    r"|\band (?:he|she|it) ).)*"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_ASIDE = re.compile(r"^, ([^;]{1,120}?), (?=(?:is|was|are|were)\b)")
_APPOSITION = re.compile(
    rf"(?<=[a-z] )(?<!\b(?:in|at) )(?<!\b(?:near|from) )"
    rf"(?P<s>{NAME}), (?P<rest>(?:an?|the) [a-z][^,;]*)(?=[,;.])"
)
_NO_NAME = re.compile(
    r"(?:It|He|She|They|In|On|At|By|For|From|While|When|Since|As|After|Before|During|Although"
    r"|Written|Released|Starring|Directed|Produced|Featuring|Based|Located|Founded|Built|Recorded"
    r"|Published|Known|Set|Formed|Created|Developed|Named|Just|Only|Then|Here|Today|Now|Later"
    r"|This|These|Those|There|Both|Many|Most|Some|His|Her|Its|Their|Another|Other|Under|With"
    r"|Like|According|Upon|Born|One|Two|Three|If|But|And|Or|The|A|An|You|We|I|All|No|Not|To"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|What|Which|Who|How|Where)\b"
)
_ALIAS = re.compile(rf"^ or (?:the )?{NAME}(?= )")
_SAYS = re.compile(
    r",| ?(?:is|was|are|were|has|had|also|wrote|won|rises|flows|lies|stands|owns|grew|fought"
    r"|[a-z]+ed|[a-z]{3,}s)\b"
)
_VERB = re.compile(r"[A-Z][a-z]+(?:ed|ing)")
_NAMED = re.compile(rf'"(?P<q>[^"]{{2,70}}?),?"|(?P<n>{NAME})')


def english_claims(sentence: str, title: str) -> Iterator[Claim]:
    """Relation, subject, object, and whether the subject is named."""
    plain = sentence.replace("``", '"').replace("''", '"').replace("“", '"').replace("”", '"')
    if found := _ROLE.match(plain):
        yield found[1], _full(found["s"], title), found["o"], True
        return
    short = re.sub(r" \([^()]*\)$", "", title)
    bare = _BRACKETS.sub("", _BRACKETS.sub("", plain))
    subject, rest, named = _lead(_OPENING.sub("", bare), short)
    if not subject:
        return
    yield from _life(plain, subject)
    if aside := _ASIDE.match(rest):
        yield from _predicated(subject, f"is {aside[1]}", named)
        rest = rest[aside.end() :]
    yield from _predicated(subject, rest.lstrip(" ,"), named)
    for found in _APPOSITION.finditer(bare):
        if not _NO_NAME.match(found["s"]):
            yield from _predicated(found["s"], f"is {found['rest']}", True)


def _predicated(subject: str, rest: str, named: bool) -> Iterator[Claim]:
    for key, cue, pattern in _PREDICATES:
        if cue in rest and (found := pattern.search(rest)):
            yield from _claim(key, subject, found["o"], named)
    if found := _BEING.match(rest):
        for key, pattern in _PARTICIPLES:
            if said := pattern.search(found[0]):
                yield from _claim(key, subject, said["o"], named)
    for key, cue, pattern in _INVERSE:
        if named and cue in rest and (found := pattern.search(rest)):
            yield from _claim(key, _clean(found["o"]), subject, True)


def _lead(plain: str, title: str) -> tuple[str, str, bool]:
    """The subject, what follows it, and whether the subject is a name; nothing if there is none."""
    if found := _PRONOUN.match(plain):
        subject = found[0].strip()
        return subject[0].lower() + subject[1:], plain[found.end() :], False
    stripped = plain.removeprefix("The ").lstrip('" ')
    if title and stripped.startswith(title.removeprefix("The ")):
        rest = stripped[len(title.removeprefix("The ")) :]
        if not re.match(rf"\w|['’]s|-| (?:{NAME})", rest):
            return title, _ALIAS.sub("", re.sub(r'^\s*"\s*', " ", rest)), True
    found = _NAMED.match(plain)
    if not found or (
        found["n"] and _NO_NAME.match(found["n"]) and not found["n"].startswith("The ")
    ):
        return "", "", False
    subject, rest = _clean(found[0]), plain[found.end() :]
    rest = _ALIAS.sub("", rest)
    if not _SAYS.match(rest) or _NO_NAME.fullmatch(subject) or _VERB.fullmatch(subject):
        return "", "", False
    return _full(subject, title), rest, True


def _life(plain: str, subject: str) -> Iterator[Claim]:
    """What the brackets after a person's name say: (2 April 1850 in Diddington – 1908)."""
    found = re.match(r"[^()]{2,60} \(([^()]{4,120})\)", plain)
    if found and re.search(r"\bborn\b|\d{4} ?[–-]|\d{4} in ", found[1]):
        for key, pattern in _LIFE:
            if said := pattern.search(found[1]):
                yield from _claim(key, subject, said["o"], True)


def _claim(key: str, subject: str, thing: str, named: bool) -> Iterator[Claim]:
    thing = _clean(thing)
    if key == "performer" and thing.endswith("Records"):
        key = "record label"
    if thing[:1].isdigit() or (not _NO_NAME.match(thing) and len(thing) > 2) or " " in thing:
        yield key, subject, thing, named


def _clean(name: str) -> str:
    return name.strip('" ,')


def _full(subject: str, title: str) -> str:
    """The title where the subject is a short form of it, such as a surname."""
    whole = title.split(",")[0].split()
    words = subject.split()
    contained = set(words) <= set(whole) or set(whole) <= set(words)
    if len(whole) > 1 and words and words[-1] == whole[-1] and contained:
        return " ".join(whole)
    return subject
