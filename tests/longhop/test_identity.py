"""Ids are content; shards are prefixes of hashes."""

from hypothesis import given
from hypothesis import strategies as st

from longhop.identity import digest, keyed_order, keyed_share, make_id, shard_of


def test_an_id_depends_on_its_parts_alone():
    assert make_id("c", "doc", "text") == make_id("c", "doc", "text")
    assert make_id("c", "doc", "text") != make_id("c", "doct", "ext")


@given(st.text())
def test_a_document_moves_only_to_a_half_of_its_shard(name: str):
    """Shards are prefixes, so twice as many split each one in two and mix none."""
    assert shard_of(name, 8) // 2 == shard_of(name, 4)
    assert 0 <= shard_of(name, 1) < 1 or shard_of(name, 1) == 0


def test_a_keyed_order_does_not_depend_on_the_order_given():
    names = [f"d{n}" for n in range(50)]

    assert keyed_order(names, str, "k") == keyed_order(names[::-1], str, "k")
    assert keyed_order(names, str, "k") != keyed_order(names, str, "other")


def test_keyed_shares_are_spread_evenly():
    shares = [keyed_share("s", n) for n in range(2000)]

    assert 0.45 < sum(shares) / len(shares) < 0.55
    assert min(shares) >= 0 and max(shares) < 1


def test_a_golden_digest_holds():
    """Every id and key of every stored dataset hangs on this."""
    assert digest("a", 1, {"b": [True, None]})[:16] == "f1e2a9d5cb2dd0f7"
