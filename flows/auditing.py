"""`longhop audit`: any data set of long-context questions measured, whoever made it."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows.finding import find_version
from longhop.auditing.layouts import BY_NAME
from longhop.auditing.plan import AuditPlan
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.publishing.audited.writing import FIGURES, PAGE, write_audit
from longhop.publishing.drafting import Drafts
from longhop.publishing.report.writing import MARK
from longhop.records.audit import Audit
from longhop.resources import Resources, open_resources
from longhop.spec.sections import Decontamination

Tell = Callable[[str], object]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HEAD = 4096


async def audit_to_folder(plan: AuditPlan, out: Path, tell: Tell) -> None:
    """Write the figures, the rows and the page of an audit into a folder, and say the most of it.

    Raises:
        ConfigError: A path stands for nothing, no layout fits, or the folder holds something else.
    """
    check_folder(out)
    async with open_resources() as live:
        plan = with_versions(plan, live)
        audit = write_files(plan, out, live.sources)
    for line in summarise(audit):
        tell(line)
    tell(f"page           {out / PAGE}")


def write_files(plan: AuditPlan, out: Path, sources: Sources) -> Audit:
    """The figures of an audit, with its files in a folder of this machine."""
    with Drafts(_scratch) as drafts:
        audit = write_audit(plan, sources, drafts)
        for path, draft in sorted(drafts.contents.items()):
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(draft, target)
    return audit


def plan_of(
    paths: Sequence[str],
    layout: str = "",
    columns: Sequence[str] = (),
    tokenizer: str = "tekken",
    benchmarks: Sequence[str] = (),
    rows: int | None = None,
) -> AuditPlan:
    """The plan of an audit; columns are given as `ours=theirs`.

    Raises:
        ConfigError: A layout is unknown, or a column is not in that form.
    """
    if layout and layout not in BY_NAME:
        raise ConfigError(f"--layout {layout!r} is none of {', '.join(BY_NAME)}")
    mapped = {}
    for each in (pair for given in columns for pair in given.split(",")):
        ours, equals, theirs = each.partition("=")
        if not (equals and ours.strip() and theirs.strip()):
            raise ConfigError(f"--columns {each!r} is not of the form question=query")
        mapped[ours.strip()] = theirs.strip()
    return AuditPlan(
        paths=tuple(paths),
        layout=layout,
        columns=mapped,
        tokenizer=tokenizer,
        benchmarks=tuple(benchmarks),
        rows=rows,
        ngram=Decontamination().ngram,
    )


def with_versions(plan: AuditPlan, live: Resources) -> AuditPlan:
    """The plan with the rows of its latest version in place of each dataset that is named.

    Raises:
        ConfigError: A name is neither a file nor a dataset of the store.
    """
    paths = [_rows_of(each, live) if _is_name(each) else each for each in plan.paths]
    return AuditPlan(**{**vars(plan), "paths": tuple(paths)})


def summarise(audit: Audit) -> Iterator[str]:
    """What an audit found, in a dozen lines."""
    balance, answers, hops = audit.balance, audit.answers, audit.hops
    lost = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in balance.rejected.items())
    left = sum(balance.left.values())
    yield f"audit          {audit.version}, {', '.join(sorted(set(audit.files.values())))}"
    yield (
        f"read           {balance.accepted:,} of {balance.taken:,} rows"
        + (f", not read: {lost}" if lost else "")
        + (f", not drawn: {left:,}" if left else "")
    )
    yield f"questions      {audit.questions:,} in {audit.contexts:,} contexts"
    tokens = audit.lengths["context_tokens"]
    yield (
        f"lengths        {tokens['sum']:,.0f} tokens of context by {audit.tokenizer};"
        f" median {tokens['p50']:,.0f}, from {tokens['min']:,.0f} to {tokens['max']:,.0f}"
    )
    yield f"depth          {_depth(audit)}"
    twice = audit.duplicates
    yield (
        f"duplicates     questions {twice['same_questions']:,} same, {twice['near_questions']:,}"
        f" near; contexts {twice['same_contexts']:,} same, {twice['near_contexts']:,} near;"
        f" {twice['contexts_with_repeated_documents']:,} with a document twice"
    )
    checked = answers.get("name_checked", 0)
    yield (
        f"answers        {answers.get('name_by_words', 0):,} of {checked:,} names in their context,"
        f" {answers.get('name_verbatim', 0):,} to the letter; {answers.get('none', 0):,}"
        f" unanswerable; {audit.flags['answer_in_question']:,} in their question"
    )
    yield (
        f"hops           {hops.get('fewer_documents', 0):,} rows with fewer documents than hops;"
        f" {hops.get('linked', 0):,} of {hops.get('several', 0):,} linked by names;"
        f" {hops.get('one_sentence', 0):,} answered by one sentence"
    )
    yield (
        f"languages      {audit.languages.get('agree', 0):,} rows agree,"
        f" {audit.languages.get('differ', 0):,} differ"
    )
    touched = audit.contamination
    held = f"items in {touched['questions']:,} questions, and contexts of"
    yield "benchmarks     " + (
        f"{held} {touched['rows_of_contexts']:,} rows" if audit.benchmarks else "none were named"
    )
    crossing = audit.splits
    yield (
        f"splits         {len(crossing['rows'])}; {crossing['questions_in_several']:,} questions"
        f" and {crossing['contexts_in_several']:,} contexts in several"
    )
    licenses = ", ".join(list(audit.licenses)[:4])
    yield f"licences       {licenses or 'none are stated'}"


def _depth(audit: Audit) -> str:
    found = audit.depth["stated"] if audit.depth["stated"]["pieces"] else audit.depth["answer"]
    if not found["pieces"]:
        return "no evidence was located"
    p = "too few to test" if found["p"] is None else f"p of evenness {found['p']:.3g}"
    return f"{found['pieces']:,} pieces, by tenths {' '.join(map(str, found['tenths']))}; {p}"


def _is_name(path: str) -> bool:
    return bool(_NAME.fullmatch(path)) and not Path(path).exists()


def _rows_of(name: str, live: Resources) -> str:
    manifest = find_version(live.datasets, name, "latest")
    return f"{live.files.root}/{live.datasets.folder(name, manifest.version)}/data"


def check_folder(out: Path) -> None:
    """Refuse a folder whose files an audit would write over, unless they are an audit's."""
    page = out / PAGE
    if out.exists() and not out.is_dir():
        raise ConfigError(f"--out {out} is a file, and an audit is a folder of files")
    if page.exists() and MARK.encode() not in page.open("rb").read(_HEAD):
        raise ConfigError(f"--out {out}: {PAGE} is there already and is no audit; name another")
    if (out / FIGURES).exists() and not page.exists():
        raise ConfigError(f"--out {out}: {FIGURES} is there already; name another folder")


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="longhop-audit-") as folder:
        yield Path(folder) / "draft"
