"""Read the corpus into shards of documents."""

from collections import defaultdict

from longhop.corpus.reading import read_documents
from longhop.errors import CorpusError
from longhop.identity import shard_of
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Outcome
from longhop.records.corpus import Document
from longhop.resources import resources
from longhop.spec.sections import Corpus
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("read", revision=1)
def read_corpus(corpus: Corpus, hashes: dict[str, str], shards: int) -> Outcome:
    """Every line as a document of its shard, or as a rejection that names file and line."""
    store = resources().store
    parts: dict[int, list[Document]] = defaultdict(list)
    rejected = []
    for read in read_documents(corpus):
        if isinstance(read, Rejection):
            rejected.append(read)
        else:
            parts[shard_of(read.id, shards)].append(read)
    accepted = sum(len(part) for part in parts.values())
    _refuse_bad(corpus, accepted, len(rejected))
    artifacts = {
        f"documents-{shard}": store.write(
            "documents", sorted(parts[shard], key=lambda each: each.id), Document
        )
        for shard in range(shards)
    }
    return write_rejected("read", "line", artifacts, accepted=accepted, rejected=rejected)


def _refuse_bad(corpus: Corpus, accepted: int, rejected: int) -> None:
    names = ", ".join(corpus.paths)
    if accepted == 0:
        raise CorpusError(f"corpus {names}: not one of its {rejected} lines is a document")
    share = rejected / (accepted + rejected)
    if share > corpus.max_rejected:
        raise CorpusError(
            f"corpus {names}: {rejected} of {accepted + rejected} lines were turned away,"
            f" {share:.0%} where corpus.max_rejected allows {corpus.max_rejected:.0%}"
        )
