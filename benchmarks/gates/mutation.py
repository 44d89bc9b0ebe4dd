"""Mutants: how many of each kind the checks catch alone, and how many sound rows with them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gates.faults import FAULTS
from gates.musique import prove
from gates.mutants import Mutant, mutants_of, wrong_answers_of
from gates.oracle import Oracle, known_of
from gates.rows import Case, read_cases, share

from longhop.records.accounts import Reason
from longhop.verification.checks import Finding, check_row


def measure_mutants(data: Path) -> dict[str, Any]:
    """Mutants are made of rows that pass: of another nobody could say what it was caught for."""
    cases = [each for each in read_cases(data) if each.row.id not in FAULTS]
    sound = [each for each in cases if check_row(each.row, each.chunks) is None]
    found: dict[str, list[tuple[Mutant, Finding | None]]] = defaultdict(list)
    for case in sound:
        for mutant in mutants_of(case):
            finding = check_row(mutant.case.row, mutant.case.chunks)
            found[mutant.kind].append((mutant, finding))
            if finding is None:
                said = f"{mutant.kind}, {mutant.form}: PASSED"
                print(f"{case.row.id}: {said} | {mutant.case.row.question}")
    caught = [finding is not None for each in found.values() for _, finding in each]
    return {
        "rows": len(cases),
        "mutants": len(caught),
        "caught": share(caught),
        "false_rejection": share([each not in sound for each in cases]),
        "by_kind": {kind: counted(each) for kind, each in sorted(found.items())},
        "wrong_answers": measure_wrong_answers(sound),
    }


def counted(found: Sequence[tuple[Mutant, Finding | None]]) -> dict[str, Any]:
    forms: dict[str, list[bool]] = defaultdict(list)
    for mutant, finding in found:
        forms[mutant.form].append(finding is not None)
    reasons: Counter[Reason] = Counter(finding[0] for _, finding in found if finding)
    return {
        "mutants": len(found),
        "caught": share([finding is not None for _, finding in found]),
        "by_form": {form: [sum(each), len(each)] for form, each in sorted(forms.items())},
        "by_reason": {str(reason): count for reason, count in reasons.most_common()},
    }


def measure_wrong_answers(sound: Sequence[Case]) -> dict[str, Any]:
    """Answers from the same paragraph, by form: what checks catch, and what the proof does."""
    known = known_of(each.row for each in sound)
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for case in sound:
        for mutant in wrong_answers_of(case):
            checked = check_row(mutant.case.row, mutant.case.chunks) is not None
            proved = prove(mutant.case, Oracle(known)) is not None
            found[mutant.form].append((checked, proved))
    return {
        form: {
            "rows": len(each),
            "by_checks_alone": share([checks for checks, _ in each]),
            "by_proof_alone": share([proof for _, proof in each]),
        }
        for form, each in sorted(found.items())
    }
