"""What ends a command of the stack, told in one line."""


class StackError(Exception):
    """Something that a person has to see to; the message says what."""

    status = 1


class PackagesMissing(StackError):
    """Programs are missing and cannot be installed here, so the stack cannot be."""

    status = 3
