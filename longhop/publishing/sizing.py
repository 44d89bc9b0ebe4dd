"""How long whole conversations are, and which cut-off each fits.

Prompt and answer are counted apart and added up, since every chat template parts them by tokens of
its own; what these take is allowed for once, in the cut-offs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longhop.corpus.tokenizing import open_tokenizer
from longhop.ports import Tokenizer
from longhop.publishing.turns import Turns
from longhop.records.corpus import Split
from longhop.records.renderings import Size
from longhop.spec.sections import Publishing
from longhop.spec.sections.publishing import tokenizer_name


@dataclass
class _Sum:
    split: Split
    bucket: int | None
    rows: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)


class Ruler:
    """Counts conversations by several tokenizers, and sums up the counts of each file."""

    def __init__(
        self,
        tokenizers: Mapping[str, Tokenizer],
        *,
        buckets: Sequence[int] = (),
        template_tokens: int = 0,
    ) -> None:
        self._tokenizers = tokenizers
        self._first = next(iter(tokenizers))
        self._buckets = buckets
        self._room = template_tokens
        self._sums: dict[str, _Sum] = {}

    def count(self, turns: Turns) -> dict[str, int]:
        """The tokens of prompt and answer."""
        return {name: sum(map(each.count, turns)) for name, each in self._tokenizers.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """What the tokenizers are called in the rows."""
        return tuple(self._tokenizers)

    def place(self, path: str, split: Split, tokens: Mapping[str, int]) -> str:
        """The path, or a bucket's in it, of a row of so many tokens, which is added up there."""
        bucket = next((e for e in self._buckets if tokens[self._first] + self._room <= e), None)
        path = f"{path}/{bucket or 'longer'}" if self._buckets else path
        found = self._sums.setdefault(path, _Sum(split, bucket))
        found.rows += 1
        for each, count in tokens.items():
            found.tokens[each] = found.tokens.get(each, 0) + count
            found.longest[each] = max(found.longest.get(each, 0), count)
        return path

    def sizes(self, suffix: str) -> tuple[Size, ...]:
        """What the files add up to, whose names end so."""
        return tuple(
            Size(
                path=path + suffix,
                split=each.split,
                bucket=each.bucket,
                rows=each.rows,
                tokens=each.tokens,
                longest=each.longest,
                cut_off={name: most + self._room for name, most in each.longest.items()},
            )
            for path, each in sorted(self._sums.items())
        )


def open_ruler(plan: Publishing, tokenizer: str) -> Ruler | None:
    """What counts as the spec says, by the contexts' tokenizer if none is named; None if nothing.

    Raises:
        ConfigError: A tokenizer cannot be read.
    """
    if not plan.sizes:
        return None
    names = plan.tokenizers or (tokenizer,)
    return Ruler(
        {tokenizer_name(each): open_tokenizer(each) for each in names},
        buckets=plan.buckets,
        template_tokens=plan.template_tokens,
    )
