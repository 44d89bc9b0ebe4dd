"""Questions that people made and took apart, whole and broken: checks, then proof by an oracle."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gates.faults import FAULTS
from gates.oracle import Known, Oracle, facts_of, known_of, plan
from gates.rows import Case, read_cases, retold, share, told_in, with_hop_after, without_hop

from longhop.records.questions import HopLink
from longhop.verification.checks import check_row
from longhop.verification.deduplicating import find_duplicates
from longhop.verification.proving import prove_questions


class Broken(NamedTuple):
    """A row that must not pass, and what the oracle knows if it is not what it always does."""

    kind: str
    case: Case
    known: Known | None = None


def measure_musique(data: Path) -> dict[str, Any]:
    cases = read_cases(data)
    accepted, turned_away = measure_intact(cases)
    faulty = [each for each in cases if each.row.id in FAULTS]
    intact = [each for each in cases if each.row.id not in FAULTS]
    broken = measure_broken([each for each in intact if each.row.id in accepted], cases)
    caught = [each for kind in broken.values() for each in kind]
    return {
        "rows": len(cases),
        "faulty": len(faulty),
        "faulty_rejected": share([each.row.id in turned_away for each in faulty]),
        "intact": len(intact),
        "falsely_rejected": sum(each.row.id in turned_away for each in intact),
        "intact_accepted": share([each.row.id in accepted for each in intact]),
        "duplicates": len(find_duplicates([each.row for each in cases])),
        "broken": len(caught),
        "broken_rejected": share([any(each) for each in caught]),
        "by_kind": {kind: counted(found) for kind, found in sorted(broken.items())},
    }


def counted(found: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    return {
        "rows": len(found),
        "rejected": share([any(each) for each in found]),
        "by_checks_alone": share([checks for checks, _ in found]),
        "by_proof_alone": share([proof for _, proof in found]),
    }


def measure_intact(cases: Sequence[Case]) -> tuple[set[str], set[str]]:
    """The rows that stand checks and proof, and those that do not; each of them with a line."""
    oracle = Oracle(known_of(each.row for each in cases))
    turned_away = {}
    for case in cases:
        finding = check_row(case.row, case.chunks)
        finding = finding or prove(case, oracle)
        if finding is not None:
            turned_away[case.row.id] = finding
            fault = FAULTS.get(case.row.id)
            said = f"fault: {fault}" if fault else "FALSELY REJECTED"
            print(f"{case.row.id}: {finding[0]}, {finding[1]} | {case.row.question} | {said}")
    accepted = {each.row.id for each in cases} - set(turned_away)
    for name in sorted(accepted & set(FAULTS)):
        print(f"{name}: ACCEPTED, fault: {FAULTS[name]}")
    return accepted, set(turned_away)


def measure_broken(
    intact: Sequence[Case], cases: Sequence[Case]
) -> dict[str, list[tuple[bool, bool]]]:
    """By how each row was broken, whether checks and whether proof alone turn it away."""
    known = known_of(each.row for each in cases)
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for place, case in enumerate(intact):
        other = intact[(place + len(intact) // 2) % len(intact)]
        for kind, broken, knows in breakages(case, other):
            oracle = Oracle(known if knows is None else {case.row.question: knows})
            checked = check_row(broken.row, broken.chunks) is not None
            proved = prove(broken, oracle) is not None
            found[kind].append((checked, proved))
            if not (checked or proved):
                print(f"{case.row.id}: {kind} PASSED")
    return found


def prove(case: Case, oracle: Oracle) -> tuple[str, str] | None:
    """Why the proof turns a row away, if it does."""
    sifted = asyncio.run(prove_questions([case.row], case.chunks, plan(), model=oracle))
    return next(((str(each.reason), each.detail) for each in sifted.rejected), None)


def breakages(case: Case, other: Case) -> Iterator[Broken]:
    """A row broken in every way: `other` is a row that has nothing to do with it."""
    yield from left_out(case, other)
    yield from one_support(case)
    yield from shortcuts(case)
    known = Known(case.row.answer, (facts_of(case.row),), remembered=True)
    yield Broken("closed_book: remembered", case, known)


def left_out(case: Case, other: Case) -> Iterator[Broken]:
    for at, hop in enumerate(case.row.hops):
        yield Broken("leave_one_out: removed", without_hop(case, at))
        elsewhere = other.chunk_of(0)
        replaced = case.with_chunks(retold(case.chunk_of(at), elsewhere.text))
        yield Broken("leave_one_out: replaced", replaced)
        pointed = told_in(hop, replaced.chunk_of(at), other.row.hops[0].quote)
        moved = replaced.with_hop(at, evidence=pointed.evidence, quote=pointed.quote)
        yield Broken("leave_one_out: replaced, with its span", moved)


def one_support(case: Case) -> Iterator[Broken]:
    whole = "\n".join(case.chunk_of(at).text for at in range(len(case.row.hops)))
    first = retold(case.chunk_of(0), whole)
    holding = case.with_chunks(first)
    yield Broken("single_support: the first holds all", holding)
    hops = tuple(told_in(hop, first, hop.quote) for hop in case.row.hops)
    yield Broken("single_support: all in one paragraph", holding.with_row(hops=hops))
    only = tuple(
        hop.model_copy(update={"evidence": case.row.hops[0].evidence}) for hop in case.row.hops
    )
    yield Broken("single_support: one is shown", case.with_row(hops=only))


def shortcuts(case: Case) -> Iterator[Broken]:
    row, last = case.row, len(case.row.hops) - 1
    first = case.chunk_of(0)
    told = retold(first, f"{first.text} {row.hops[last].quote}")
    yield Broken("shortcut: the first tells the last step", case.with_chunks(told))
    outright = f"{row.question} {row.answer}."
    known = Known(row.answer, (facts_of(row), (outright,)))
    yield Broken(
        "shortcut: the first tells the answer",
        case.with_chunks(retold(first, f"{first.text} {outright}")),
        known,
    )
    extra = retold(case.chunk_of(last), f"{row.hops[last].quote}", f"{row.id}#extra")
    hop = told_in(row.hops[last], extra, row.hops[last].quote)
    links = [
        HopLink(head=each.head, tail=last + 1, mention=each.mention)
        for each in row.links
        if each.tail == last
    ]
    put_in = with_hop_after(case, last, hop, links, extra)
    yield Broken("shortcut: another chunk tells the last step", put_in)
