"""Licences in the card are those of the sources, under the names that the hub knows."""

import pytest
from huggingface_hub import DatasetCard

from longhop.publishing.describing import write_card
from longhop.publishing.licensing import hub_licenses, size_category
from tests.longhop.publishing.test_publishing import example, manifest, tally


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("CC BY-SA 3.0", "cc-by-sa-3.0"),
        ("CC0-1.0", "cc0-1.0"),
        ("cc0 1.0 universal", "cc0-1.0"),
        ("MIT License", "mit"),
        ("The Unlicense", "unlicense"),
        ("Apache-2.0", "apache-2.0"),
        ("GPL-3.0-or-later", "gpl-3.0"),
        ("ODC-By-1.0", "odc-by"),
        ("CC-BY-SA-2.0-DE", "cc"),
        ("unknown", "unknown"),
        ("", "unknown"),
        ("Ask my lawyer: [x]", "other"),
    ],
)
def test_a_licence_gets_the_hubs_name(given: str, named: str):
    assert hub_licenses([given]) == [named]


def test_several_licences_are_all_named_once():
    assert hub_licenses(["mit", "MIT", "CC0", "house rules"]) == ["cc0-1.0", "mit", "other"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (123_456, "100K<n<1M"), (10**6, "1M<n<10M")],
)
def test_a_size_is_one_of_the_hubs(rows: int, told: str):
    assert size_category(rows) == told


def test_the_hubs_own_library_reads_the_card():
    told = manifest().model_copy(
        update={"licenses": {"CC BY-SA 3.0": 3, 'my "own": terms\n- x': 1}, "rows": {"train": 5}}
    )
    card = DatasetCard(write_card(told, tally(example())).decode())

    assert card.data.license == ["cc-by-sa-3.0", "other"]
    assert card.data.size_categories == ["n<1K"]
    assert card.data.language == ["en"]
    assert card.data.task_categories == ["question-answering"]


def test_a_dataset_without_documents_claims_no_licence():
    card = DatasetCard(write_card(manifest().model_copy(update={"licenses": {}}), tally()).decode())

    assert card.data.license is None
