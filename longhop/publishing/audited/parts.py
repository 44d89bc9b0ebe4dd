"""The parts of an audit's page, from its figures alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from longhop.auditing.depths import TENTHS
from longhop.auditing.flagging import FLAGS, RESTATED
from longhop.corpus.reading.rows import shorten
from longhop.publishing.report import charts
from longhop.publishing.report.parts.part import Figure, Part, Table, share_of
from longhop.records.audit import Audit

_SHOWN, _NAME = 16, 60
_LENGTHS = {
    "context_tokens": "context, tokens",
    "question_tokens": "question, tokens",
    "answer_tokens": "answer, tokens",
    "documents": "documents in a context",
    "context_share": "share of a row that is context",
}
_KINDS = {
    "name": "names, numbers, dates",
    "text": "texts of more than a few words",
    "yes_or_no": "yes or no",
    "none": "none: unanswerable",
}


def tell_all(audit: Audit) -> list[Part]:
    """All parts that have something to show."""
    parts = [
        _tell_read(audit),
        _tell_flags(audit),
        _tell_lengths(audit),
        _tell_depth(audit),
        _tell_duplicates(audit),
        _tell_answers(audit),
        _tell_hops(audit),
        _tell_languages(audit),
        _tell_contamination(audit),
        _tell_licenses(audit),
    ]
    return [each for each in parts if each.figures]


def _tell_read(audit: Audit) -> Part:
    balance = audit.balance
    lost = sum(balance.rejected.values())
    said = f"{balance.taken:,} rows were read; {balance.accepted:,} hold"
    said += f" {audit.questions:,} questions."
    if lost:
        said += f" {lost:,} could not be read: they are beside the examples, with file and line."
    if balance.left:
        said += (
            f" {sum(balance.left.values()):,} were not drawn: a sample by keyed hash was asked for."
        )
    files = [[name, layout] for name, layout in sorted(audit.files.items())]
    figures = [
        Figure("files", "Files and their layouts", Table(["file", "layout"], files)),
        Figure(
            "rows",
            "What became of the rows",
            Table(
                ["end", "rows"],
                [
                    ["audited", balance.accepted],
                    *([name.replace("_", " "), n] for name, n in balance.rejected.items()),
                    *([name.replace("_", " "), n] for name, n in balance.left.items()),
                ],
            ),
        ),
    ]
    splits = _named(audit.splits.get("rows", {}))
    if len(splits) > 1:
        figures.append(_counted("splits", "Splits", "split", splits))
    return Part("read", "What was read", [said], figures)


def _tell_flags(audit: Audit) -> Part:
    rows = [
        [name.replace("_", " "), FLAGS[name], count, share_of(count, audit.questions)]
        for name, count in audit.flags.items()
    ]
    chart = [(name.replace("_", " "), n) for name, n in audit.flags.items() if n]
    said = (
        "A flag is a reason to look at a row, and no verdict. The examples can be filtered by each."
    )
    table = Table(["flag", "the row has", "rows", "share"], rows)
    figure = Figure("flags", "Flags", table, charts.bars(chart) if chart else None, wide=True)
    return Part("flags", "Flags", [said], [figure])


def _tell_lengths(audit: Audit) -> Part:
    heads = ["mean", "min", "p5", "p25", "p50", "p75", "p95", "max"]
    rows = [
        [told, *(audit.lengths[name].get(each) for each in heads)]
        for name, told in _LENGTHS.items()
        if audit.lengths[name]
    ]
    total = audit.lengths["context_tokens"].get("sum", 0)
    said = f"{total:,.0f} tokens of context by {audit.tokenizer}, in {audit.contexts:,} contexts."
    figure = Figure("lengths", "Lengths", Table(["", *heads], rows), wide=True)
    return Part("lengths", "Lengths", [said], [figure])


def _tell_depth(audit: Audit) -> Part:
    figures = []
    for name, title in (
        ("stated", "Where stated evidence lies"),
        ("answer", "Where the answer first stands, in rows that state no evidence"),
    ):
        found = audit.depth[name]
        if found["pieces"]:
            rows = [
                (f"{at * 10}–{at * 10 + 10} %", count) for at, count in enumerate(found["tenths"])
            ]
            figures.append(
                Figure(
                    name, title, Table(["depth", "pieces"], rows), charts.bars(rows), _even(found)
                )
            )
    said = [
        "Each piece counts in the tenth of its context, in characters, that its middle lies in."
    ]
    if audit.depth["lost_evidence"]:
        said.append(f"{audit.depth['lost_evidence']:,} stated pieces are not in their context.")
    return Part("depth", "Where evidence lies", said, figures)


def _even(found: Mapping[str, Any]) -> str:
    told = f"χ² = {found['chi2']:.1f} with {TENTHS - 1} degrees of freedom"
    if found["p"] is None:
        return f"{told}; too few pieces to say whether all depths are equally often."
    p = "p < 0.001" if found["p"] < 0.001 else f"p = {found['p']:.3f}"
    return f"{told}, {p}: by chance alone, even depths would be as uneven so often."


def _tell_duplicates(audit: Audit) -> Part:
    found = audit.duplicates
    rows = [
        ["questions with the words of an earlier one", found["same_questions"], audit.questions],
        ["questions nearly like an earlier one", found["near_questions"], audit.questions],
        ["contexts that are an earlier one to the letter", found["same_contexts"], audit.contexts],
        ["contexts nearly like an earlier one", found["near_contexts"], audit.contexts],
        [
            "contexts with a document twice",
            found["contexts_with_repeated_documents"],
            audit.contexts,
        ],
        ["rows whose question is in another split too", audit.splits["questions_in_several"],
         audit.questions],
        ["rows whose context is in another split too", audit.splits["contexts_in_several"],
         audit.questions],
    ]  # fmt: skip
    table = Table(
        ["", "count", "of", "share"], [[*each, share_of(each[1], each[2])] for each in rows]
    )
    said = (
        "Questions count as nearly the same where they share 0.8 of their runs of two words, and"
        " all names and numbers; contexts where they share 0.7 of their runs of five words."
    )
    return Part("duplicates", "Duplicates", [said], [Figure("duplicates", "Duplicates", table)])


def _tell_answers(audit: Audit) -> Part:
    found = audit.answers
    kinds = [(told, found.get(name, 0)) for name, told in _KINDS.items() if found.get(name)]
    checked = [
        [_KINDS[kind], found.get(f"{kind}_checked", 0), found.get(f"{kind}_verbatim", 0),
         found.get(f"{kind}_by_words", 0),
         share_of(found.get(f"{kind}_by_words", 0), found.get(f"{kind}_checked", 0))]
        for kind in ("name", "text") if found.get(f"{kind}_checked")
    ]  # fmt: skip
    choice = found.get("in_question_choice", 0)
    leaks = [
        ["question has the answer, and offers no choice", found.get("in_question", 0) - choice],
        ["question has the answer among what it offers", choice],
        [f"context has {RESTATED:.0%} of the question's runs of words", found.get("restated", 0)],
    ]
    figures = [
        _counted("kinds", "Kinds of answers", "answer", kinds),
        Figure("there", "Answers in their contexts", Table(
            ["answer", "rows", "to the letter", "by words", "share by words"], checked), wide=True),
        Figure("leaks", "Leaks", Table(["", "rows"], leaks)),
    ]  # fmt: skip
    times = [(each, found["occurrences"][each]) for each in ("0", "1", "2", "3 to 9", "10 or more")
             if each in found["occurrences"]]  # fmt: skip
    if times:
        figures.append(
            _counted("times", "How often a name as answer stands in its context", "times", times)
        )
    said = "To the letter is as the row has it; by words is whatever the case, signs and articles."
    return Part("answers", "Answers", [said], figures)


def _tell_hops(audit: Audit) -> Part:
    found = audit.hops
    crossed = [
        [each["of"][0] or "not said", each["of"][1] or "not said", each["rows"]]
        for each in found["declared_and_supporting"]
    ]
    several, checked = found.get("several", 0), found.get("one_sentence_checked", 0)
    signs = [
        [
            "fewer supporting documents than hops",
            found.get("fewer_documents", 0),
            found.get("stated", 0),
        ],
        ["supporting documents linked by names", found.get("linked", 0), several],
        [
            "answer in more than one document",
            found.get("in_several", 0),
            found.get("with_documents", 0),
        ],
        ["question and answer in one sentence", found.get("one_sentence", 0), checked],
    ]  # fmt: skip
    table = Table(
        ["", "rows", "of", "share"], [[*each, share_of(each[1], each[2])] for each in signs]
    )
    figures = [
        Figure("signs", "Signs of one hop or several", table, wide=True),
        Figure(
            "declared",
            "Hops that rows declare, and distinct documents that support them",
            Table(["hops", "documents", "rows"], crossed),
        ),
    ]
    kinds = _named(found["kinds"])
    if len(kinds) > 1 or (kinds and kinds[0][0] != "not said"):
        figures.append(_counted("types", "Types that rows name", "type", kinds))
    said = (
        "Signs, and no proof: whether each piece of evidence is needed is told by asking a model"
        " without it. One sentence is enough where it has the answer and every content word of"
        " the question, so at least so many are."
    )
    return Part("hops", "Hops", [said], figures)


def _tell_languages(audit: Audit) -> Part:
    found = audit.languages
    rows = [[*each["of"], each["rows"]] for each in found["question_answer_context"]]
    said = (
        f"In {found.get('agree', 0):,} rows question, answer and context agree, as far as they can"
        f" be told; in {found.get('differ', 0):,} they do not."
    )
    if found.get("stated"):
        said += (
            f" {found['stated']:,} rows name a language, {found.get('not_as_stated', 0):,} another."
        )
    table = Table(["question", "answer", "context", "rows"], sorted(rows, key=lambda it: -it[3]))
    return Part("languages", "Languages", [said], [Figure("languages", "Languages", table)])


def _tell_contamination(audit: Audit) -> Part:
    found = audit.contamination
    if not audit.benchmarks:
        return Part("contamination", "Benchmarks")
    rows = [[*each["of"], each["rows"]] for each in found["items"]]
    said = (
        f"{found['questions']:,} questions and the contexts of {found['rows_of_contexts']:,} rows"
        f" hold an item of {', '.join(audit.benchmarks)}: many of its words in a row, or more than"
        " half of them."
    )
    table = Table(["where", "item", "rows"], sorted(rows, key=lambda it: (-it[2], it[1])))
    counts = [("in questions", found["questions"]), ("in contexts", found["rows_of_contexts"])]
    figures = [_counted("touched", "Rows that hold an item", "where", counts)]
    if rows:
        figures.append(Figure("items", "Items that were found", table, wide=True))
    return Part("contamination", "Benchmarks", [said], figures)


def _tell_licenses(audit: Audit) -> Part:
    if not audit.licenses:
        return Part("origin", "Licences")
    return Part(
        "origin",
        "Licences",
        ["As the rows say; nobody checked whether it is true."],
        [_counted("licenses", "Licences", "licence", _named(audit.licenses))],
    )


def _counted(name: str, title: str, head: str, rows: Sequence[tuple[str, int]]) -> Figure:
    bars = [(shorten(told, _NAME), count) for told, count in rows[:_SHOWN]]
    return Figure(name, title, Table([head, "rows"], rows), charts.bars(bars))


def _named(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    told = ((name or "not said", count) for name, count in counts.items())
    return sorted(told, key=lambda it: (-it[1], it[0]))
