"""Read the corpus into shards of documents."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from longhop.corpus.reading import (
    Read,
    explain_unread,
    fingerprint_files,
    list_files,
    read_documents,
)
from longhop.corpus.reading.arranging import arrange
from longhop.corpus.withholding import withholder
from longhop.errors import CorpusError
from longhop.records.accounts import Balance, LeftReason, Reason, Rejection
from longhop.records.artifacts import Outcome, parts_of
from longhop.records.corpus import Decoding, Document, Source
from longhop.records.takedowns import Takedowns, mark_of
from longhop.resources import resources
from longhop.spec.sections import Corpus
from longhop.storage.artifacts import ArtifactWriter
from tasks.stage import stage


@stage("read", revision=4)
def read_corpus(
    corpus: Corpus, hashes: dict[str, str], shards: int, takedowns: Takedowns | None = None
) -> Outcome:
    """Every line as a document of its shard, or as a rejection; and the file and line of both.

    What was taken down is turned away here, so that nothing of it is stored. It is not among the
    arguments where nothing was, and the shards that held none of it are what they were.
    """
    live = resources()
    store = live.store
    left: Counter[str] = Counter()
    artifacts = {
        f"{name}-{shard}": none
        for name, none in (
            ("documents", store.write("documents", (), Document)),
            ("sources", store.write("sources", (), Source)),
        )
        for shard in range(shards)
    }
    reads = _count_blank(read_documents(corpus, live.sources), left)
    # Before they are arranged: what stands twice under one id is told of with that id.
    lines = arrange(_withheld(reads, takedowns or Takedowns()), shards)
    with _Sieve() as sieve:
        for shard, part in groupby(lines, key=itemgetter(0)):
            with store.writer("sources", Source) as sources:
                documents = sieve.documents((read for _, read in part), sources)
                kept = store.write("documents", documents, Document)
            if shard >= 0:
                artifacts |= {f"documents-{shard}": kept, f"sources-{shard}": sources.artifact}
    _refuse_changed(corpus, hashes)
    accepted = sum(each.rows for each in parts_of(artifacts, "documents"))
    rejected = sieve.rejected.artifact
    _refuse_bad(corpus, accepted, sieve.reasons, f"{live.files.root}/{rejected.path}")
    balance = Balance(
        stage="read",
        unit="line",
        taken=accepted + rejected.rows + left.total(),
        accepted=accepted,
        rejected=dict(sorted(sieve.reasons.items())),
        left=dict(left),
    )
    written = {
        "rejected": rejected,
        "sources": sieve.sources.artifact,
        "decodings": sieve.decodings.artifact,
    }
    decoded = sieve.decodings.rows
    changes = {"decoded": decoded} if decoded else {}
    return Outcome(artifacts={**artifacts, **written}, balances=(balance,), changes=changes)


class _Sieve(ExitStack):
    """What is turned away, where it stood, and which documents had to be decoded."""

    def __init__(self) -> None:
        super().__init__()
        store = resources().store
        self.rejected = self.enter_context(store.writer("rejected", Rejection))
        self.sources = self.enter_context(store.writer("rejected_sources", Source))
        self.decodings = self.enter_context(store.writer("decodings", Decoding))
        self.reasons: Counter[str] = Counter()

    def documents(
        self, reads: Iterable[Read], sources: ArtifactWriter[Source]
    ) -> Iterator[Document]:
        """The documents among what was read, whose sources go into `sources` of their own."""
        for read in reads:
            if isinstance(read.found, Document):
                sources.add(_source(read.found.id, read))
                if read.encoding != "utf-8":
                    self.decodings.add(_decoding(read.found.id, read))
                yield read.found
            elif read.found is not None:
                self.sources.add(_source(read.found.item, read))
                self.rejected.add(read.found)
                self.reasons[str(read.found.reason)] += 1


def _withheld(reads: Iterable[Read], takedowns: Takedowns) -> Iterator[Read]:
    """What was read, documents that were taken down as rejections, which say no word of them."""
    is_withheld = withholder(takedowns)
    for read in reads:
        if isinstance(read.found, Document) and is_withheld(read.found):
            item = mark_of(read.found.id)
            gone = Rejection(stage="read", item=item, reason=Reason.TAKEN_DOWN)
            yield replace(read, found=gone)
        else:
            yield read


def _source(item: str, read: Read) -> Source:
    return Source(item=item, file=read.place.file, line=read.place.line)


def _decoding(document: str, read: Read) -> Decoding:
    return Decoding(
        document_id=document,
        place=str(read.place),
        encoding=read.encoding,
        doubt=round(read.doubt, 3),
    )


def _refuse_changed(corpus: Corpus, hashes: dict[str, str]) -> None:
    """What was read must be what the receipt will be found by."""
    sources = resources().sources
    now = fingerprint_files(list_files(corpus, sources), sources, what="corpus")
    changed = sorted(name for name in hashes | now if hashes.get(name) != now.get(name))
    if changed:
        raise CorpusError(
            f"corpus {', '.join(changed[:3])}: changed while it was read; build again once it rests"
        )


def _count_blank(reads: Iterable[Read], left: Counter[str]) -> Iterator[Read]:
    for read in reads:
        if read.found is None:
            left[str(LeftReason.BLANK)] += 1
        else:
            yield read


def _refuse_bad(corpus: Corpus, accepted: int, why: Counter[str], where: str) -> None:
    why = Counter({each: why[each] for each in why if each != Reason.TAKEN_DOWN})
    lines = accepted + why.total()
    if accepted == 0:
        raise CorpusError(explain_unread(corpus, why, ()))
    if why.total() > corpus.max_rejected * lines:
        reasons = ", ".join(f"{reason} {count}" for reason, count in why.most_common())
        raise CorpusError(
            f"corpus {', '.join(corpus.paths)}: {why.total()} of {lines} lines were turned away"
            f" ({reasons}), {why.total() / lines:.0%} where corpus.max_rejected allows"
            f" {corpus.max_rejected:.0%}; each of them with its line and reason is in {where}"
        )
