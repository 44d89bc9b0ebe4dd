"""The signs that tell the blocks of Markdown, reStructuredText and LaTeX apart.

Each is looked for where a line starts. Where one repetition stands in another, the inner never goes
back over what it took (`++`, `*+`): else a line of a million signs would be read a million times.
"""

import re
from functools import lru_cache

_BULLET = r"(?:[-*+•‣◦](?=[ \t]))"
_NUMBER = r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,5}|\#)[.)](?=[ \t]))"
ITEM = f"(?:{_BULLET}|{_NUMBER})"
_RULE = r"(?:-(?:[ ]*+-){2,}+|\*(?:[ ]*+\*){2,}+|_(?:[ ]*+_){2,}+)[ \t]*$"
_OPENERS = r"""
   (?P<fence> `{3,}(?=[^`\n]*$) | ~{3,} )
 | (?P<heading> \#{1,6}[ \t] | ={2,6}[ ][^=\n]+[ ]={2,6}[ \t]*$
     | \\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)\b )
 | (?P<environment> \\begin\{ )
 | (?P<grid> \+(?:[-=]++\+)++[ \t]*$ | \| )
 | (?P<columns> ={2,}+(?:[ ]++={2,}+)++[ \t]*$ )
"""
OPENER = re.compile(
    rf"""[^\S\n]*(?:{_OPENERS}
 | (?P<rule> ([-=~^"'`\#*+.:_])\7{{3,}}[ \t]*$ | {_RULE} )
 | (?P<item> {ITEM} )
 | (?P<doctest> >>>[ ] )
 | (?P<directive> \.\.[ ](?:code|code-block|sourcecode|math|parsed-literal|image|figure
     |table|list-table|csv-table|literalinclude|productionlist|plot|ipython)::)
)""",
    re.X | re.M,
)
# What ends a paragraph without a blank line, and the lines that certainly do not.
INTERRUPT = re.compile(rf"[^\S\n]*(?:{_OPENERS} | {_RULE} | {_BULLET} | 1[.)][ \t] )", re.X | re.M)
PLAIN = re.compile(r"(?:[^\S\n]*+[^\s`~\#\\+=|\-*•‣◦1_][^\n]*+(?:\n|\Z))*+")
UNDERLINE = re.compile(r"[ \t]*(([-=~^\"'`#*+.:_<>])\2{2,})[ \t]*(?:\n|\Z)")
DELIMITER = re.compile(r"[ \t]*:?-{2,}+:?[ \t]*(?:\|[ \t]*:?-{2,}+:?[ \t]*+)++\|?[ \t]*(?:\n|\Z)")
BLANK_LINE = re.compile(r"[^\S\n]*+(?:\n|\Z)")
BLANK = re.compile(r"(?:[^\S\n]*+\n)*+(?:[^\S\n]++\Z)?+")
MARGIN = re.compile(r"[^\S\n]{0,80}")
INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
INDENTED_RUN = re.compile(r"(?:(?:[^\S\n]*\n)*(?: {4}| {0,3}\t)[^\n]*(?:\n|\Z))++")
GRID_ROWS = re.compile(r"(?:[^\S\n]*+[|+][^\n]*+(?:\n|\Z))++")
PIPE_ROWS = re.compile(r"(?:[^|\n]*+\|[^\n]*+(?:\n|\Z))++")
TABBED_ROWS = re.compile(r"(?:[^\S\n]*+[^\t\n]++\t[^\n]*+(?:\n|\Z)){2,}+")
COLUMNS_END = re.compile(r"^[ \t]*={2,}+(?:[ ]++={2,}+)++[ \t]*(?=\n[^\S\n]*\n|\n?\Z)", re.M)
TO_BLANK = re.compile(r"(?:[^\S\n]*+\S[^\n]*+(?:\n|\Z))++")
EDGE = re.compile(r"^[^\S\n]*\\begin\{([^}\n]*)\}|\\(begin|end)\{([^}\n]*)\}", re.M)
ITEM_LINE = re.compile(rf"[^\S\n]*{ITEM}", re.X)
LEAD = re.compile(r"[^\S\n]*(?:\.\.[ ][^\n]*::|\\label\{[^}\n]*\}\s*\Z)")


@lru_cache(64)
def set_in_by(columns: int) -> re.Pattern[str]:
    """Lines set in by so many columns, with the blank lines between them."""
    return re.compile(rf"(?:(?:[^\S\n]*\n)*(?: {{{columns}}}|\t)[^\n]*(?:\n|\Z))++")


@lru_cache(64)
def fence_end(sign: str, width: int) -> re.Pattern[str]:
    """The line that closes a fence of so many signs."""
    return re.compile(rf"^[ \t]*{sign}{{{width},}}[ \t]*(?:\n|\Z)", re.M)
