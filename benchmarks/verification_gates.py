"""The gates of verification: what they let through of sound rows, and what of broken ones.

    python benchmarks/verification_gates.py path/to/data [--part musique mutants fallible …]

The folder holds questions of MuSiQue with their steps and paragraphs
(`musique_dev_sample.jsonl.gz`, 500, and `musique_train_full_sample.jsonl.gz`, 60) and two corpora
(`musique_paragraphs.jsonl.gz`, `mixed_corpus.jsonl.gz`). Parts:

- musique: rows of the questions as people wrote them pass the checks and the proof, with an oracle
  for a reader that answers where it is shown all facts that the steps rest on; the same rows with
  their evidence broken do not. Rows that are faulty by themselves (`gates/faults.py`) are counted
  apart. `intact_accepted`, `broken_rejected`, and by kind what checks and proof catch alone
- mutants: rows changed in eight ways (`gates/mutants.py`) are caught by the checks alone. `caught`,
  `false_rejection` (intact rows that are not mutated and caught all the same), `by_kind`;
  `wrong_answers` are for the judge and the proof, and stand apart
- fallible: what the whole way from documents to rows makes of a model that errs at known rates, by
  the truth that it alone knows (`gates/fallible.py`). `n` rows, of these the shares of `multi_hop`,
  `good` and `unique` with the lower bounds of their 95% intervals (Wilson), calls and tokens a row.
  Rows of two parts of one item count as one too many
- ablation: the same with a gate left out: `checks`, `link_test` (similar questions are merged, as
  many pairs as there were groups), `judge`, `proof`, `dedup` (of questions and of rows), `repair`.
  `yield` is rows by groups. `none` leaves out nothing
- calibration: `met_share`, how often a calibrated threshold reaches what was wanted on other rows,
  of the times that one was met (`calibration.py`, 200 seeds)
- instructions: paragraphs of the corpora that are taken for instructions to a model

Each row that is turned away or passes against what is expected has a line. The last line is one
JSON object with what each part found.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calibration import measure_calibration
from gates.fallible import measure_ablation, measure_fallible
from gates.instructing import measure_instructions
from gates.musique import measure_musique
from gates.mutation import measure_mutants

_SEEDS = 200


def measure_thresholds(_data: Path) -> dict[str, Any]:
    """How often a calibrated threshold holds, and how often none is given."""
    found = measure_calibration(_SEEDS)
    return {
        "met_share": found["holds_share"],
        "refused_share": found["refused_share"],
        "seeds": _SEEDS,
    }


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "musique": measure_musique,
    "mutants": measure_mutants,
    "fallible": measure_fallible,
    "ablation": measure_ablation,
    "calibration": measure_thresholds,
    "instructions": measure_instructions,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    print(json.dumps({part: PARTS[part](options.data) for part in options.part}))


if __name__ == "__main__":
    main()
