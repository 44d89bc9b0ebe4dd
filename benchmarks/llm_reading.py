"""What is read of damaged replies: told, lost, or another than was meant; and what reading costs.

    python benchmarks/llm_reading.py [--replies N]

Replies of every kind, their texts full of quotes, braces, code and Chinese, are sent in each way of
tests/damaged.py, N of each kind. Each line gives how many of a damage were read as they were meant,
refused, read as another whole reply that the text is, and corrupted. The last line is one JSON
object: of what the text alone tells, the share that was read; the fields that were read as another
than was sent; and the time of a plain reply of some 300 bytes beside that of json.loads and
validation alone.
"""

import argparse
import json
import sys
import timeit
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from longhop.llm.reading import Unreadable, read_reply
from longhop.records.replies import REPLIES, Judged, Reply
from tests.damaged import DAMAGES, Sent, make_reply

PLAIN = json.dumps(
    {"rationale": "x" * 200, "clarity": 8, "faithfulness": 9, "coherence": 10, "complexity": 3}
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replies", type=int, default=200)
    count = parser.parse_args().replies
    total: Counter[str] = Counter()
    for name in DAMAGES:
        ends = damage(name, count)
        print(f"{name:36}", {key: value for key, value in ends.items() if "told" not in key})
        total += ends
    print(
        json.dumps(
            {
                "replies": count * len(REPLIES) * len(DAMAGES),
                "recoverable": total["told"],
                "recovered_share": round(total["told and read"] / total["told"], 4),
                "corrupted_fields": total["corrupted fields"],
                "plain_us": microseconds(lambda: read_reply(PLAIN, Judged)),
                "json_loads_us": microseconds(lambda: Judged.model_validate(json.loads(PLAIN))),
            }
        )
    )


def damage(name: str, count: int) -> Counter[str]:
    ends: Counter[str] = Counter()
    for number in range(count):
        for kind in REPLIES.values():
            rng = Random(f"{name} {kind.__name__} {number}")
            meant = make_reply(kind, rng)
            sent = DAMAGES[name].send(meant, rng)
            found = read(sent, kind)
            end = "refused" if found is None else "recovered" if found == meant else "corrupted"
            ends["another" if found in sent.others else end] += 1
            if end == "corrupted" and found not in sent.others:
                ends["corrupted fields"] += sum(a != b for a, b in zip(meant, found, strict=True))
            if sent.told and not sent.others:
                ends["told"] += 1
                ends["told and read"] += found == meant
    return ends


def read(sent: Sent, kind: type[Reply]) -> Reply | None:
    try:
        return read_reply(sent.text, kind, is_cut=sent.is_cut)
    except Unreadable:
        return None


def microseconds(work: object) -> float:
    return round(min(timeit.repeat(work, number=1000, repeat=7)) * 1000, 1)


if __name__ == "__main__":
    main()
