"""What cleaning changes in a text: a closed list, each kind counted."""

from enum import StrEnum


class Change(StrEnum):
    """A kind of change that cleaning makes, counted by the places that it touches."""

    BROKEN_CHARACTERS = "broken_characters"
    CONTROL_CHARACTERS = "control_characters"
    INVISIBLE_CHARACTERS = "invisible_characters"
    LINE_ENDINGS = "line_endings"
    WHITE_SPACE = "white_space"
    UNICODE_FORM = "unicode_form"
    BOILERPLATE = "boilerplate"
    PERSONAL_DATA = "personal_data"
    LANGUAGE_DETECTED = "language_detected"
    LANGUAGE_DOUBTFUL = "language_doubtful"
