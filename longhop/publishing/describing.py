"""The card. Text from documents is untrusted: it is escaped, never markup."""

import jinja2

from longhop.publishing.configs import list_card_configs, list_configs
from longhop.publishing.funnel import funnel_rows
from longhop.publishing.licensing import hub_licenses, size_category
from longhop.publishing.tallying import PairsTally, Tally
from longhop.records.manifest import Manifest
from longhop.records.money import Bill, Usage, total
from longhop.records.renderings import Format

_pages = jinja2.Environment(
    loader=jinja2.PackageLoader("longhop", "publishing/pages"),
    autoescape=jinja2.select_autoescape(["html.j2"], default=False),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MARKS = frozenset("\\`*_[]()<>&|!#~")


def cell(text: object) -> str:
    """A text as one line of a Markdown table, every sign that means something escaped."""
    escaped = "".join(f"&#{ord(each)};" if each in _MARKS else each for each in str(text))
    return " ".join(escaped.split())


_pages.filters["cell"] = cell


def write_card(manifest: Manifest, rows: Tally) -> bytes:
    """The dataset card, with the metadata that Hugging Face reads."""
    stages = {each.stage: each.accepted for each in manifest.balances}
    page = _pages.get_template("card.md.j2").render(
        manifest=manifest,
        languages=sorted(rows.languages),
        **_loaded(manifest),
        documents=stages.get("deduplicate", 0),
        seeds=stages.get("gate", 0),
        arms=sorted(
            {each.path.split("/")[1] for each in manifest.files if each.path.startswith("arms/")}
        ),
        **_facts(manifest),
    )
    return page.encode()


def write_pairs_card(manifest: Manifest, pairs: PairsTally) -> bytes:
    """The card of a dataset of pairs."""
    page = _pages.get_template("pairs_card.md.j2").render(
        manifest=manifest,
        languages=sorted(pairs.languages),
        **_loaded(manifest),
        documents=len(pairs.documents),
        relevant=pairs.relevant,
        **_facts(manifest),
    )
    return page.encode()


def _loaded(manifest: Manifest) -> dict[str, object]:
    """What a card says of how the files are loaded."""
    paths = [each.path for each in manifest.files]
    formats = [each for each in Format if each in list_configs(paths)]
    return {"configs": list_card_configs(paths), "formats": formats}


def _facts(manifest: Manifest) -> dict[str, object]:
    """What cards of any kind of rows tell of a manifest."""
    return {
        "funnel": funnel_rows(manifest.balances),
        "licenses": hub_licenses(manifest.licenses),
        "size": size_category(sum(manifest.rows.values())),
        "spent": _spent(manifest),
    }


def _spent(manifest: Manifest) -> list[tuple[str, str, Usage, str]]:
    """Stage, model, usage and what it costs, a line each, with the sum at the end."""
    lines = [
        (stage, model, usage, _cost(manifest, {model: usage}))
        for stage, bill in manifest.usage.items()
        for model, usage in bill.items()
    ]
    return [*lines, ("all", "", total(manifest.bill), _cost(manifest, manifest.bill))]


def _cost(manifest: Manifest, bill: Bill) -> str:
    prices = manifest.prices
    return prices.told(prices.cost(bill)) if prices else ""
