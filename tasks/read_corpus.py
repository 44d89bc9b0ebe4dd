"""Read the corpus into shards of documents."""

from collections import Counter
from collections.abc import Iterable, Iterator
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
from longhop.errors import CorpusError
from longhop.records.accounts import Balance, LeftReason, Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Decoding, Document
from longhop.resources import resources
from longhop.spec.sections import Corpus
from longhop.storage.artifacts import ArtifactWriter
from tasks.stage import stage


@stage("read", revision=2)
def read_corpus(corpus: Corpus, hashes: dict[str, str], shards: int) -> Outcome:
    """Every line as a document of its shard, or as a rejection that names file and line."""
    live = resources()
    store = live.store
    left: Counter[str] = Counter()
    why: Counter[str] = Counter()
    artifacts: dict[str, Artifact] = {}
    lines = arrange(_count_blank(read_documents(corpus, live.sources), left), shards)
    with (
        store.writer("rejected", Rejection) as rejected,
        store.writer("decodings", Decoding) as decodings,
    ):

        def sift(reads: Iterable[Read]) -> Iterator[Document]:
            for read in reads:
                if isinstance(read.found, Document):
                    _note(read, read.found, decodings)
                    yield read.found
                elif read.found is not None:
                    rejected.add(read.found)
                    why[str(read.found.reason)] += 1

        for shard, part in groupby(lines, key=itemgetter(0)):
            kept = store.write("documents", sift(read for _, read in part), Document)
            artifacts[f"documents-{shard}"] = kept
    _refuse_changed(corpus, hashes)
    empty = store.write("documents", (), Document)
    artifacts = {
        f"documents-{shard}": artifacts.get(f"documents-{shard}", empty) for shard in range(shards)
    }
    accepted = sum(each.rows for each in artifacts.values())
    _refuse_bad(corpus, accepted, why, f"{live.files.root}/{rejected.artifact.path}")
    balance = Balance(
        stage="read",
        unit="line",
        taken=accepted + why.total() + left.total(),
        accepted=accepted,
        rejected=dict(sorted(why.items())),
        left=dict(left),
    )
    written = {"rejected": rejected.artifact, "decodings": decodings.artifact}
    changes = {"decoded": decodings.rows} if decodings.rows else {}
    return Outcome(artifacts={**artifacts, **written}, balances=(balance,), changes=changes)


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


def _note(read: Read, document: Document, decodings: ArtifactWriter[Decoding]) -> None:
    if read.encoding != "utf-8":
        decodings.add(
            Decoding(
                document_id=document.id,
                place=read.place,
                encoding=read.encoding,
                doubt=round(read.doubt, 3),
            )
        )


def _refuse_bad(corpus: Corpus, accepted: int, why: Counter[str], where: str) -> None:
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
