"""The sections of a spec. A field that can change a row stands here, whatever it is about."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from longhop.corpus.languages.codes import language_code
from longhop.records.calibration import Mode
from longhop.records.examples import Arm, Template
from longhop.records.numbers import NoTruth
from longhop.records.questions import Composition, Scope
from longhop.records.seeds import Form
from longhop.spec.mix import Mix

Share = Annotated[float, Field(ge=0, le=1), NoTruth]
SomeShare = Annotated[float, Field(gt=0, le=1), NoTruth]
Count = Annotated[int, Field(ge=1), NoTruth]
# These are bounds of the form too.
Place = Annotated[str, Field(min_length=1, max_length=1024)]
ModelName = Annotated[str, Field(min_length=1, max_length=256)]
Groups = Annotated[int, Field(ge=1, le=10_000_000), NoTruth]
Tokens = Annotated[int, Field(ge=256), NoTruth]
Money = Annotated[float, Field(gt=0, allow_inf_nan=False), NoTruth]


class Section(BaseModel):
    """A part of a spec: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(Section):
    """What the corpus calls its columns; a dot reaches into a nested one (`meta.license`)."""

    text: str = Field("text", description="The text of a document; must be there.")
    id: str = Field("id", description="Its id; where it is missing the text's hash is the id.")
    title: str = Field("title", description="Its title; may be missing.")
    license: str = Field("license", description="Its licence; may be missing.")
    language: str = Field(
        "language", description="Its ISO 639-1 code; detected where it is missing."
    )


class Corpus(Section):
    """Which documents there are."""

    paths: tuple[Place, ...] = Field(
        (),
        description="Files, folders or globs, from the working directory or s3://: JSONL, JSON, "
        "Parquet, Arrow, CSV, TSV, text, Markdown, HTML, plain, .gz or .zst, or in .zip or .tar.",
    )
    columns: Columns = Columns()
    license: str = Field("unknown", description="The licence of documents that name none.")
    max_rejected: Share = Field(
        0.5, description="A larger share of unreadable lines stops the build."
    )


class Cleaning(Section):
    """Which documents are taken, and what is done to their text before anything rests on it."""

    licenses: tuple[str, ...] | None = Field(
        None, min_length=1, description="Licences that are allowed; all if not given."
    )
    languages: tuple[str, ...] | None = Field(
        None, min_length=1, description="ISO 639-1 codes that are wanted; all if not given."
    )
    min_characters: Count = Field(80, description="Documents shorter than this are turned away.")
    max_characters: Count = Field(
        2_000_000, description="Documents longer than this are turned away."
    )
    personal_data: Literal["keep", "mask", "reject"] = Field(
        "keep", description="What becomes of e-mail addresses, telephone and account numbers."
    )

    @model_validator(mode="after")
    def _codes(self) -> "Cleaning":
        for each in self.languages or ():
            if not language_code(each):
                raise ValueError(f"languages: {each!r} is no ISO 639 code such as en or zh")
        return self


class Deduplication(Section):
    """When two documents count as one."""

    jaccard: Share = Field(0.65, description="Near-duplicates share this much of their shingles.")
    containment: Share = Field(
        0.9, description="A document of which this much lies in a longer one is turned away."
    )
    shingle: Count = Field(3, description="Words in a shingle; characters in Chinese.")


class Decontamination(Section):
    """Which texts must not be trained on."""

    benchmarks: tuple[str, ...] = Field(
        (), description="JSONL or JSONL.gz files; every text in them is kept out."
    )
    ngram: Annotated[int, Field(ge=5)] = Field(
        13,
        description="So many words of an item in a row are too many; so is more than half of it in"
        " shorter runs, and of an item below ten words all of it.",
    )


class Splits(Section):
    """The shares of the parts. A near-duplicate group falls to one part whole."""

    train: Share = 0.9
    validation: Share = 0.05
    test: Share = 0.05

    @model_validator(mode="after")
    def _whole(self) -> "Splits":
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-9:
            raise ValueError(f"train, validation and test add up to {total:g} instead of 1")
        return self


class Chunking(Section):
    """How documents are cut."""

    tokens: Annotated[int, Field(ge=32)] = Field(320, description="Most tokens in a chunk.")


class Embedding(Section):
    """Which model places documents."""

    model: str = Field(
        "all-MiniLM-L6-v2",
        description="The packaged model, a folder, or any sentence-transformers name of a hub, best"
        " with its revision: `name@revision`.",
    )
    precision: Literal["full", "half"] = Field(
        "full",
        description="half: products in 16 bits, two to three times as fast where the processor or"
        " card has units for it, and much slower where it has none.",
    )
    adapt: bool = Field(
        False,
        description="Whether it learns from the first documents' questions which documents give"
        " which; kept only if held-out documents find theirs better.",
    )


class Clustering(Section):
    """How documents are grouped by meaning."""

    dimensions: Count = Field(16, description="Dimensions that the sample is reduced to.")
    min_size: Annotated[int, Field(ge=2)] = Field(8, description="Documents a cluster needs.")
    sample: Annotated[int, Field(ge=1, le=30_000)] = Field(
        5000,
        description="Documents among which dense groups are looked for. Of more than ten times as"
        " many, or where most are in no such group or in one, k-means makes the clusters.",
    )
    clusters: Count | None = Field(
        None,
        description="Clusters that k-means makes, at once; as many as twice the square root of the"
        " documents, if it must, where no number is given.",
    )


PolicyName = Literal[
    "hybrid",
    "knn",
    "thompson",
    "equal",
    "epsilon_greedy",
    "similarity",
    "random",
    "exhaustive",
]
# Policies that learn nothing from what was asked, and those that cannot do without a reference.
BLIND = frozenset({"similarity", "random", "exhaustive"})
_AIMED = frozenset({"similarity", "equal"})


class Stopping(Section):
    """When asking ends before the documents do, or the budget; never if not given.

    With a reference set, pairs are those that come close to it; else all that pass the checks.
    """

    pairs: Count | None = Field(None, description="So many new pairs are enough.")
    recall: SomeShare | None = Field(
        None, description="The estimated share of all pairs to be had that is enough."
    )
    rate: Annotated[float, Field(gt=0, allow_inf_nan=False), NoTruth] | None = Field(
        None, description="The next documents would give fewer pairs each than this."
    )
    plateau: Share | None = Field(
        None,
        description="In three rounds, the pool has come closer to the reference by less than this.",
    )

    @property
    def stated(self) -> bool:
        """Whether there is any rule."""
        return any(value is not None for value in self.model_dump().values())


class Selection(Section):
    """Which documents are asked about (EQUAL, arXiv 2505.12250)."""

    policy: PolicyName = Field(
        "hybrid", description="How documents are chosen; similarity and equal need a reference."
    )
    documents: Count | None = Field(None, description="How many to ask about; all if not given.")
    share: SomeShare | None = Field(
        None, description="The share to ask about, instead of a number."
    )
    reference: Place | None = Field(
        None, description="JSONL or JSONL.gz with `question` and `answer`: what to come close to."
    )
    objective: Literal["pairs", "rows"] = Field(
        "pairs",
        description="What a document is worth: its pairs, or the proved multi-hop rows on it.",
    )
    delay: Annotated[int, Field(ge=0, le=3), NoTruth] = Field(
        0, description="Rounds that may be on their way while the next is chosen."
    )
    audit: Annotated[float, Field(ge=0, le=0.5), NoTruth] = Field(
        0.1,
        description="The share of each round that hybrid draws by chance, to tell what is left.",
    )
    stop: Stopping = Stopping()

    @model_validator(mode="after")
    def _fits(self) -> "Selection":
        if self.policy in _AIMED and self.reference is None:
            raise ValueError(
                f"policy {self.policy} needs a reference set: give selection.reference"
            )
        if self.stop.plateau is not None and self.reference is None:
            raise ValueError("stop.plateau needs a reference set: give selection.reference")
        if self.documents is not None and self.share is not None:
            raise ValueError("documents and share both say how many to ask about: give one")
        if self.policy == "exhaustive" and (self.bounded or self.stop.stated):
            raise ValueError("policy exhaustive asks about all: leave documents, share, stop out")
        if self.policy in BLIND and self.objective == "rows":
            raise ValueError(f"objective rows teaches policy {self.policy} nothing: take hybrid")
        return self

    @property
    def bounded(self) -> bool:
        """Whether it says how many documents are asked about."""
        return self.documents is not None or self.share is not None

    @property
    def heeds_modes(self) -> bool:
        """Whether pairs count by how much the mode of the reference that they serve is wanted."""
        aimed = self.reference is not None
        return aimed and self.policy == "hybrid" and self.objective == "pairs"

    def most(self, documents: int) -> int:
        """How many of so many documents are asked about at most."""
        if self.share is not None:
            return min(documents, max(1, round(self.share * documents)))
        return documents if self.documents is None else min(documents, self.documents)

    def chooses(self, documents: int, *, budgeted: bool) -> bool:
        """Whether anything can end before all documents are asked, so that it matters who is."""
        return self.most(documents) < documents or budgeted or self.stop.stated


class Merging(Section):
    """How a group becomes one question. MIMG did best without documents and without rationale."""

    documents: bool = Field(False, description="Whether the model sees the chunks, too.")
    rationale: bool = Field(False, description="Whether it writes down its reasoning first.")
    steps: Literal["whole", "pairs"] = Field(
        "whole", description="pairs: a chain is merged two questions at a time."
    )


# How many hops a group can have.
HOPS_OF = {
    Composition.BRIDGE: (2, 3, 4),
    Composition.COMPARISON: (2,),
    Composition.TEMPORAL: (2, 3, 4),
    Composition.INTERSECTION: (2,),
    Composition.AGGREGATE: (2,),
    Composition.BRIDGE_COMPARISON: (3, 4),
}
_COMPOSITIONS = tuple(each for each in Composition if each is not Composition.SINGLE)


class Questions(Section):
    """What is asked, and how single questions become multi-hop ones.

    What MIMG (arXiv 2409.01893) found best is the default of each choice.
    """

    per_chunk: Annotated[int, Field(ge=1, le=10)] = Field(3, description="Most questions a chunk.")
    answers: Literal["after", "together"] = Field(
        "after",
        description="after: questions first, answered in a second request; together: in one.",
    )
    rationale: bool = Field(
        False, description="Whether the model writes down its reasoning before an answer."
    )
    hops: tuple[Annotated[int, Field(ge=2, le=4)], ...] = Field(
        (2, 3, 4), min_length=1, description="Numbers of hops that are wanted."
    )
    compositions: tuple[Composition, ...] = Field(
        _COMPOSITIONS,
        min_length=1,
        description="bridge: chains and trees; comparison: two numbers; temporal: dates;"
        " intersection: the one thing of two facts; aggregate: a total; bridge_comparison: a"
        " comparison with one or both described.",
    )
    scopes: tuple[Scope, ...] = Field(
        tuple(Scope), min_length=1, description="inter: several documents; intra: one."
    )
    mix: Mix = Mix()
    groups: Groups = Field(400, description="Most groups that are merged.")
    reuse: Count = Field(3, description="Groups that one single-hop question may stand in.")
    similarity: Literal["questions", "documents"] = Field(
        "questions", description="What is compared to find partners."
    )
    retrieval: Literal["embedding", "bm25"] = Field(
        "embedding", description="How it is compared: by meaning or by words."
    )
    min_similarity: Share = Field(0.0, description="Partners that are less alike are passed over.")
    max_similarity: Share = Field(
        1.0, description="Partners that are more alike are passed over: all but the same question."
    )
    merging: Merging = Merging()

    @model_validator(mode="after")
    def _known(self) -> "Questions":
        if Composition.SINGLE in self.compositions:
            raise ValueError(f"a composition is one of {', '.join(_COMPOSITIONS)}")
        there = {"composition": self.compositions, "hops": self.hops, "scope": self.scopes}
        for axis, values in there.items():
            unwanted = sorted(set(self.mix.axes()[axis]) - {str(each) for each in values})
            if unwanted:
                raise ValueError(f"mix wants {axis} {unwanted[0]}, which nothing here asks for")
        possible = {hops for each in self.compositions for hops in HOPS_OF[each]}
        if possible.isdisjoint(self.hops):
            named = ", ".join(self.compositions)
            most = f"{min(possible)} to {max(possible)}"
            raise ValueError(f"{named}: such groups have {most} hops, not {self.hops[0]}")
        if self.min_similarity > self.max_similarity:
            raise ValueError(
                f"min_similarity {self.min_similarity:g} is above max_similarity"
                f" {self.max_similarity:g}"
            )
        return self


class Release(Section):
    """Shares of good, of multi-hop and of unique rows that a version must have to be released.

    Each is demanded of the lower 95% bound; what is not given is measured alone.
    """

    good: Share | None = Field(None, description="Rows that judges, or people, call good.")
    multi_hop: Share | None = Field(None, description="Rows that need all of their hops.")
    unique: Share | None = Field(None, description="Rows that ask what no other row asks.")

    @property
    def demanded(self) -> dict[str, float]:
        """The shares that are demanded, by name."""
        wanted = {"good": self.good, "multi_hop": self.multi_hop, "unique": self.unique}
        return {name: share for name, share in wanted.items() if share is not None}


class Verification(Section):
    """What a row must stand."""

    judging: Mode = Field(
        Mode.SCORING,
        description="scoring: by criteria, from 1 to 10; classification: high or low.",
    )
    judge_threshold: Annotated[float, Field(ge=1, le=10), NoTruth] = Field(
        8.0, description="Rows whose mean score is lower are turned away."
    )
    calibration: Place | None = Field(
        None,
        description="A file that `longhop calibrate` made: its thresholds count instead.",
    )
    samples: Annotated[int, Field(ge=1, le=9), NoTruth] = Field(
        1, description="Times that each judge is asked; more than one wants a temperature."
    )
    agreement: Share = Field(
        0.5, description="The share of the judgements that must reach the threshold alone."
    )
    attempts: Annotated[int, Field(ge=1, le=5), NoTruth] = Field(
        2, description="Times that a group is worded before it is given up."
    )
    probes: Annotated[int, Field(ge=1, le=9), NoTruth] = Field(
        1,
        description="Times that the solver is asked without a part of the evidence; one right"
        " answer turns the row away.",
    )
    distractor_probes: Share = Field(
        0.05, description="The share of the rows that are asked with their distractors alone."
    )
    audit: Annotated[int, Field(ge=0), NoTruth] = Field(
        0, description="Finished rows that are judged and proved once more, for the release gate."
    )
    labels: tuple[Place, ...] = Field(
        (), description="Sheets that people filled in: they count instead of the audit's judge."
    )
    release: Release = Release()

    @model_validator(mode="after")
    def _measured(self) -> "Verification":
        sampled = {"good", "multi_hop"} & set(self.release.demanded)
        if sampled and not self.audit and not self.labels:
            raise ValueError(
                f"release demands {sorted(sampled)[0]}, which nothing measures: give audit, the"
                " number of rows that are judged and proved once more, or labels"
            )
        return self


class Contexts(Section):
    """What a row's context looks like."""

    tokens: tuple[Tokens, ...] = Field(
        (4096,), min_length=1, description="Lengths; each row takes one of them."
    )
    tokenizer: str = Field(
        "tekken", description="tekken, or the path of a Hugging Face tokenizer.json."
    )
    same_cluster: Share = Field(
        0.5, description="Share of the distractors that come from the clusters of the evidence."
    )
    retrieved: Share = Field(
        0.0, description="Share that comes nearest to the question and its steps by words (BM25)."
    )
    synthetic: Share = Field(
        0.0,
        description="Share that was written for other seed pairs of the same task, where the row"
        " is one of a seed pair; what is left of 1 is drawn from all other documents.",
    )
    templates: tuple[Template, ...] = Field(
        (Template.NUMBERED,),
        min_length=1,
        description="How documents stand there; each row takes one: numbered (with number and"
        " title), titled, bare.",
    )
    arms: tuple[Arm, ...] = Field(
        (),
        description="Control arms, published beside the rows: the same questions with no context"
        " (none), the evidence alone (gold), among 1, 5 or 10 documents (n1, n5, n10), or with a"
        " context without evidence (wrong).",
    )

    @model_validator(mode="after")
    def _whole(self) -> "Contexts":
        shares = {each: getattr(self, each) for each in ("same_cluster", "retrieved", "synthetic")}
        total = sum(shares.values())
        if total > 1 + 1e-9:
            told = ", ".join(f"{name} {share:g}" for name, share in shares.items())
            raise ValueError(
                f"{told} add up to {total:g}, above 1: lower one of them by {total - 1:g}"
            )
        return self


class Seeds(Section):
    """Trusted pairs for which the model writes the missing document (context synthesis)."""

    path: Place | None = Field(
        None,
        description="A table with `question` and `answer`; `task` (which pairs are siblings),"
        " `form`, `license` and `language` if there are.",
    )
    license: str = Field("unknown", description="The licence of seeds that name none.")
    words: Annotated[int, Field(ge=50)] = Field(
        250,
        description="Words a document has, give or take a tenth; characters in Chinese and the"
        " like.",
    )
    tokens: Annotated[int, Field(ge=100), NoTruth] | None = Field(
        None, description="Tokens a document has, give or take a tenth; counts instead of words."
    )
    requests: Annotated[int, Field(ge=1, le=64), NoTruth] = Field(
        8, description="Most requests that one document may take: a section or several in each."
    )
    form: Form = Field(
        Form.ENCYCLOPEDIA_ARTICLE,
        description="What kind of document is written for seeds that name none.",
    )
    yes_no: Share = Field(
        0.1, description="Most of the taken seeds that may be answered by yes or no."
    )
    unanswerable: Share = Field(
        0.0, description="Most of them whose answer may be that there is none: unanswerable."
    )
    rows: Share = Field(
        0.0,
        description="Share of the proved multi-hop rows whose documents are written anew, too.",
    )


class Budget(Section):
    """What a dataset may use, remembered answers counted like fresh ones; no limit if not given.

    Work is taken in rounds, and no round begins above the budget. `asking` and `writing` are the
    shares that single-hop questions and the documents of seed pairs may take, so that something is
    left for what comes after them.
    """

    answers: Count | None = Field(None, description="Most model answers.")
    tokens: Count | None = Field(None, description="Most tokens, read and written.")
    money: Money | None = Field(None, description="Most money, by the price list of the settings.")
    asking: Share = Field(0.5, description="The share of it that may go into asking.")
    writing: Share = Field(0.2, description="The share of it that may go into seed pairs.")

    @property
    def stated(self) -> bool:
        """Whether there is any limit."""
        return bool(self.caps)

    @property
    def caps(self) -> dict[str, float]:
        """The limits that there are, by name."""
        caps = {"answers": self.answers, "tokens": self.tokens, "money": self.money}
        return {name: cap for name, cap in caps.items() if cap is not None}


class Model(Section):
    """One model in one role."""

    name: ModelName
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    max_tokens: Count = 1024


class Models(Section):
    """Which model does what. A role that is not given takes `default`.

    `judges` are more judges, beside `judge`. `audit` judges and proves the audit's rows; without it
    the judges and the solver do so once more.
    """

    default: Model
    ask: Model | None = None
    merge: Model | None = None
    judge: Model | None = None
    judges: tuple[Model, ...] = ()
    audit: Model | None = None
    prove: Model | None = None
    write: Model | None = None

    def of(self, role: str) -> Model:
        """The model that plays a role."""
        chosen: Model | None = getattr(self, role)
        return chosen or self.default
