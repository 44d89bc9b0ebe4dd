"""What benchmarks and the corpus have in common."""

from longhop.records.base import Record


class Contamination(Record):
    """An item of a benchmark that stands in something a stage turned away for it.

    {"stage": "decontaminate", "item": "mq_806e6a21b3ba", "benchmark": "benchmarks/hotpot.jsonl",
     "place": "benchmarks/hotpot.jsonl:17", "words": 31, "covered": 24, "in_a_row": 24}

    `item` is the document, seed, row or pair; of the `words` of the benchmark's item `covered`
    stand in it, `in_a_row` of them in one stretch.
    """

    stage: str
    item: str
    benchmark: str
    place: str
    words: int
    covered: int
    in_a_row: int
