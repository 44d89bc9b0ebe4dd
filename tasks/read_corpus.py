"""Read the corpus into shards of documents."""

from collections import defaultdict

from longhop.corpus.reading import explain_unread, read_documents
from longhop.errors import CorpusError
from longhop.identity import shard_of
from longhop.records.accounts import Rejection, count_reasons
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
    _refuse_bad(corpus, accepted, rejected)
    artifacts = {
        f"documents-{shard}": store.write(
            "documents", sorted(parts[shard], key=lambda each: each.id), Document
        )
        for shard in range(shards)
    }
    return write_rejected("read", "line", artifacts, accepted=accepted, rejected=rejected)


def _refuse_bad(corpus: Corpus, accepted: int, rejected: list[Rejection]) -> None:
    if accepted == 0:
        raise CorpusError(explain_unread(corpus, count_reasons(rejected), ()))
    share = len(rejected) / (accepted + len(rejected))
    if share > corpus.max_rejected:
        raise CorpusError(
            f"corpus {', '.join(corpus.paths)}: {len(rejected)} of {accepted + len(rejected)} lines"
            f" were turned away ({count_reasons(rejected)}),"
            f" {share:.0%} where corpus.max_rejected allows {corpus.max_rejected:.0%}"
        )
