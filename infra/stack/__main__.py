"""`python -m infra.stack`: the commands of the stack."""

import argparse
import sys
from pathlib import Path

from infra.stack.errors import StackError
from infra.stack.folder import DEFAULT, Folder
from infra.stack.stack import NAMES, Stack


def main() -> int:
    """Do what the command line says; the exit status is 3 where packages cannot be installed."""
    asked = _parser().parse_args()
    stack = Stack(Folder(asked.folder), _say)
    try:
        if asked.command == "status":
            return 0 if stack.status() else 1
        if asked.command in ("up", "down"):
            getattr(stack, asked.command)()
        elif asked.command == "kill":
            stack.kill(asked.part, alone=asked.alone)
        else:
            getattr(stack, asked.command)(asked.part)
    except StackError as error:
        print(f"stack: {error}", file=sys.stderr)
        return error.status
    except OSError as error:
        print(f"stack: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.stack", description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT, help="where all of it lies")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("up", help="have all parts running, and everything deployed")
    commands.add_parser("down", help="end all parts; the data stays")
    commands.add_parser("status", help="say which parts are running")
    for name, does in (
        ("start", "have a part running"),
        ("stop", "end a part, politely"),
        ("kill", "end a part at once, and what it has started"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("part", choices=NAMES)
        if name == "kill":
            command.add_argument("--alone", action="store_true", help="spare what it has started")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
