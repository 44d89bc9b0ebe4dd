"""The spec that `longhop init` writes: every section, commented, ready to be changed."""

from pathlib import Path

import yaml

from longhop.errors import ConfigError
from longhop.spec.loading import parse_spec

STARTING_SPEC = """\
# What the dataset is. Where it is built (endpoint, store, keys) is in the environment.
name: '{name}'

corpus:
  # Files, folders or globs, here or s3://: JSONL, Parquet, CSV, text, Markdown, HTML, archives …
  paths: ['{corpus}']
  # What your columns are called. Only text must be there. A dot reaches deeper: meta.license
  columns: {{text: text, id: id, title: title, license: license, language: language,
    domain: domain}}
  license: unknown          # of documents that name none
  max_rejected: 0.5         # a larger share of unreadable lines stops the build

cleaning:
  min_characters: 80        # shorter and longer documents are turned away
  max_characters: 2000000
  personal_data: keep       # or mask, or reject: e-mail addresses, telephone and account numbers
  # licenses: [CC0-1.0]     # allowed ones; all if not given
  # languages: [en, zh]     # wanted ones; all if not given

models:
  # Any OpenAI-compatible endpoint's names. ask, merge, judge, prove, write and
  # audit may have their own, and judges (a list) judge beside judge.
  default: {{name: '{model}', temperature: 0.0, max_tokens: 1024}}

shards: 4                   # parts of the work, a power of two; fixed once the dataset has begun

deduplication: {{jaccard: 0.65, containment: 0.9, shingle: 3}}

decontamination:
  benchmarks: []            # files, folders or globs of tables; every text in them is kept out
  ngram: 13

splits: {{train: 0.9, validation: 0.05, test: 0.05}}

chunking: {{tokens: 320}}

embedding:
  model: all-MiniLM-L6-v2   # packaged; or a folder, or a sentence-transformers name@revision
  precision: full           # or half: twice as fast and more where the processor has 16-bit units
  adapt: false              # whether it learns from the first rounds; see docs/selection.md

clustering: {{dimensions: 16, min_size: 8, sample: 5000}}   # clusters: a number means k-means

selection:
  # reference: reference.jsonl            # lines with question and answer: what to come close to
  # documents: 1000         # how many to ask about; all of them if not given. Or share: 0.05
  policy: hybrid            # who is asked first: or knn, thompson, equal, epsilon_greedy,
                            # similarity, random, exhaustive
  objective: pairs          # what a document is worth: its pairs; or rows, the proved ones
  delay: 0                  # rounds that may be on their way while the next is chosen
  audit: 0.1                # share of each round that hybrid draws by chance, to tell what is left
  # stop: {{recall: 0.9}}     # or pairs, rate, plateau: when asking ends before the documents do

questions:
  per_chunk: 3
  answers: after            # in a second request; or together with the questions, in one
  rationale: false          # whether the model writes down its reasoning before an answer
  hops: [2, 3, 4]
  compositions: [bridge, comparison, temporal, intersection, aggregate, bridge_comparison]
  scopes: [intra, inter]    # hops of one document, of several
  mix: {{exact: false}}       # wanted shares, such as composition: {{bridge: 0.6, temporal: 0.4}}
  groups: 400               # most groups that are merged
  reuse: 3                  # groups that one single-hop question may stand in
  similarity: questions     # what is compared to find partners: questions or documents
  retrieval: embedding      # by meaning, or bm25: by words
  min_similarity: 0.0       # partners less or more alike than this are passed over
  max_similarity: 1.0
  merging: {{documents: false, rationale: false, steps: whole}}   # steps: or pairs

verification:
  judging: scoring          # by criteria, 1 to 10; or classification: high or low
  judge_threshold: 8.0      # lower mean scores are turned away
  # calibration: c.json     # from `longhop calibrate`: its thresholds count instead
  samples: 1                # times that each judge is asked; models.judges names more of them
  agreement: 0.5            # the share of the judgements that must reach the threshold alone
  attempts: 2               # times that a group is worded before it is given up
  probes: 1                 # times that the solver is asked without a part of the evidence
  distractor_probes: 0.05   # share of the rows that are asked with their distractors alone
  audit: 0                  # finished rows that are judged and proved once more
  labels: []                # sheets that people filled in
  release: {{}}               # demanded lower 95% bounds, such as good: 0.85, multi_hop: 0.85

contexts:
  tokens: [4096]            # each row takes one of these lengths
  tokenizer: tekken         # or the path of a tokenizer.json
  same_cluster: 0.5         # share of the distractors from the clusters of the evidence
  retrieved: 0.0            # share of those nearest to the question by words
  synthetic: 0.0            # share of those written for other seed pairs of the same task
  templates: [numbered]     # how documents stand there: numbered, titled, bare
  arms: []                  # controls beside the rows: none, gold, n1, n5, n10, wrong

publishing:
  renderings: [messages]    # or prompt_completion, sharegpt, longmit; see docs/training.md
  files: jsonl              # or parquet
  sizes: false              # whether rendered rows say their tokens and their loss weight
  tokenizers: []            # that count them; that of the contexts if none is given
  buckets: []               # such as [8192, 32768]: a file for each, of the rows that fit it
  template_tokens: 128      # what a chat template may add to a conversation
  weigh_by: [composition]   # kinds that loss weights balance: or hops, scope, length, language
  evenness: 0.5             # how far: at 0 not at all, at 1 each kind weighs the same in sum

caps: {{}}                    # most rows of a kind, such as language: {{zh: 2000}}, or a share:
                            # composition: {{bridge: 0.6}}, domain: {{any: 0.2}}

budget:                     # no limit where none is given
  # answers: 20000          # most model answers, remembered ones counted too
  # tokens: 30000000        # or tokens, or money by the price list at LONGHOP_PRICES
  # money: 40.0
  asking: 0.5               # shares of it that questions of one hop, and seed pairs, may take
  writing: 0.2

seeds:
  # path: seeds.jsonl       # lines with question and answer, for which documents are written
  words: 250                # of a document; or tokens: 400, which count instead
  requests: 8               # most of them for one document, written section by section
  form: encyclopedia article  # or encyclopedia set, paper, report, transcript, story, news,
                            # contract, log, manual, textbook chapter, letters; or a column `form`
  yes_no: 0.1               # most of the seeds that may be answered by yes or no,
  unanswerable: 0.0         # and by "unanswerable"
  rows: 0.0                 # share of the multi-hop rows whose documents are written anew
"""


def write_starting_spec(path: Path, name: str, corpus: str, model: str) -> None:
    """Write the commented spec to a path where nothing is yet.

    Raises:
        ConfigError: The spec would be wrong, or the path cannot be written.
    """
    text = starting_spec(name, corpus, model)
    parse_spec(yaml.safe_load(text), origin="the spec")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already; it is not written over") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error


def starting_spec(name: str, corpus: str, model: str) -> str:
    """The commented spec for a corpus."""
    values = {"name": name, "corpus": corpus, "model": model}
    quoted = {key: value.replace("'", "''") for key, value in values.items()}
    return STARTING_SPEC.format(**quoted)
