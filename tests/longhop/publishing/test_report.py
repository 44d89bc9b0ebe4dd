"""The page that defends a version, without a browser: what it says is what the files say."""

import json
from collections import Counter
from pathlib import Path

import lxml.html
import pyarrow.parquet as pq
import pytest

from longhop.publishing.figures import CALIBRATION, CLUSTERS, LABELS, ROUNDS, SCORES
from longhop.publishing.report import charts, shelving
from longhop.publishing.report.drawing import draw
from longhop.publishing.report.escaping import embedded_json, visible
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.folding import fold
from longhop.publishing.report.turned_away import TurnedAwayItems
from longhop.records.accounts import Reason
from longhop.records.calibration import Calibration, Cell, CellStatus, Mode
from longhop.records.figures import JudgedScore, MappedCluster, MapPoint, MeasuredLabels
from longhop.records.money import Price, Prices
from longhop.records.selection import RoundTrace
from tests.published import HOSTILE, lost, pair, publish, row

ROWS = [row(at, hops=2 + at % 3, words=200 + 90 * at) for at in range(40)]


def page_of(folder: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((folder / "report.html").read_bytes())


def table_of(page: lxml.html.HtmlElement, name: str) -> list[list[str]]:
    """The cells of a figure's table, by the name of its part and its own."""
    (figure,) = page.xpath(f"//figure[@aria-labelledby='{name}']")
    return [[cell.text_content() for cell in line] for line in figure.xpath(".//tbody/tr")]


def data_of(page: lxml.html.HtmlElement, name: str) -> list[dict[str, object]]:
    (block,) = page.xpath(f"//script[@id='{name}']")
    found: list[dict[str, object]] = json.loads(block.text)
    return found


def loaded(path: Path) -> list[object]:
    """What a file beside the page hands to it."""
    text = path.read_text()
    found: list[object] = json.loads("[" + text[text.index("(") + 1 : text.rindex(")")] + "]")[2]
    return found


def test_figures_are_those_of_the_parquet_files(tmp_path: Path):
    """They are counted here a second time, by nothing that the page is made with."""
    told, folder = publish(tmp_path, ROWS, lost(9) + lost(3, Reason.UNPARSABLE))
    rows = [
        each
        for path in sorted(folder.glob("data/*.parquet"))
        for each in pq.read_table(path).to_pylist()
    ]
    page = page_of(folder)

    kinds = Counter((each["composition"], each["hop_count"]) for each in rows)
    assert {
        (kind, int(hops)): int(count) for kind, hops, count in table_of(page, "rows-kinds")
    } == kinds
    lengths = Counter(
        next(b for b in (256, 512, 1024, 2048, 4096, 8192, 16384) if each["tokens"] <= b)
        for each in rows
    )
    told_lengths = {
        256: "≤ 256",
        512: "≤ 512",
        1024: "≤ 1k",
        2048: "≤ 2k",
        4096: "≤ 4k",
        8192: "≤ 8k",
    }
    assert {name: int(count) for name, count in table_of(page, "rows-lengths")} == {
        told_lengths[each]: count for each, count in lengths.items()
    }
    for name, column in (("languages", "language"), ("splits", "split"), ("scopes", "scope")):
        found = {value: int(count) for value, count in table_of(page, f"rows-{name}")}
        assert found == Counter(each[column] for each in rows)
    depths = Counter(
        (10 * (it["start"] + it["end"]) // (2 * len(each["context"])), it["hop"])
        for each in rows
        for it in each["evidence"]
    )
    for tenth, line in enumerate(table_of(page, "depth-depth")):
        assert [int(cell) for cell in line[1:]] == [depths[tenth, hop] for hop in (1, 2, 3, 4)]
    probes = {
        name: (int(asked), int(right)) for name, asked, right in table_of(page, "proof-probes")
    }
    assert probes["with all evidence"] == (len(rows), len(rows))
    assert probes["with one piece of evidence left out"] == (len(rows), 0)
    proofs = {proof: int(count) for proof, count, _ in table_of(page, "proof-proofs")}
    assert proofs == Counter(each["proof"] for each in rows)
    heads = dict(
        zip(
            page.xpath("//dl[@class='heads']//dt/text()"),
            page.xpath("//dl[@class='heads']//dd/text()"),
            strict=True,
        )
    )
    assert heads["tokens of context"] == f"{sum(each['tokens'] for each in rows):,}"
    assert heads["model tokens a row"] == "25"
    assert table_of(page, "funnel-funnel") == [["judge", "wording", "52", "40", "12", "0", "0"]]
    assert table_of(page, "funnel-reasons") == [
        ["judge", "rejected", "judged low", "9"],
        ["judge", "rejected", "unparsable", "3"],
    ]
    assert told.version in page.text_content()


def test_what_is_shown_does_not_depend_on_the_order_in_which_it_came(tmp_path: Path):
    """Samples are drawn by hash."""
    pages = []
    for name, order in (("a", 1), ("b", -1)):
        _, folder = publish(tmp_path / name, ROWS[::order], lost(70)[::order])
        pages.append(page_of(folder))
    one, other = pages

    assert data_of(one, "lost-rows") == data_of(other, "lost-rows")
    assert data_of(one, "first-rows") == data_of(other, "first-rows")


def test_a_chart_does_not_show_what_was_drawn_before_it():
    """The library counts ids through the life of a process."""
    assert len({draw(charts.rounds(figures()[ROUNDS]), "x") for _ in range(2)}) == 1


def test_a_context_and_its_folds_are_the_whole_context():
    """Nothing of it is lost, and all of the evidence is in sight."""
    for each in ROWS:
        folded = fold(each)
        folds = iter(folded.folds)
        pieces = [
            part for one in folded.pieces for part in (next(folds) if one[0] == "f" else [one])
        ]
        whole = "".join(one[-1] for one in pieces if one[0] in "te")
        marked = [(one[1], one[2]) for one in folded.pieces if one[0] == "e"]

        assert whole == each.context
        assert marked == [(it.hop, it.text) for it in each.evidence]
        documents = [one[1] for one in pieces if one[0] == "d"]
        assert documents == [it.document_id for it in each.segments]
        told = [one[1:] for one in folded.pieces if one[0] == "f"]
        assert [characters for characters, _ in told] == [
            sum(len(one[-1]) for one in part if one[0] == "t") for part in folded.folds
        ]


def test_evidence_within_evidence_is_marked_once():
    """Of two hops that rest on one sentence the page would else tear the other's mark apart."""
    first, second = ROWS[0].evidence[:2]
    inner = first.model_copy(update={"hop": 2, "start": first.start + 3, "end": first.end - 3})
    folded = fold(ROWS[0].model_copy(update={"evidence": (second, inner, first)}))

    assert [(one[1], one[2]) for one in folded.pieces if one[0] == "e"] == [
        (first.hop, first.text),
        (second.hop, second.text),
    ]


def test_a_row_without_evidence_is_one_fold():
    folded = fold(ROWS[0].model_copy(update={"evidence": ()}))

    assert [one[0] for one in folded.pieces] == ["f"]


def test_rows_that_the_page_does_not_hold_lie_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Every row is somewhere, once, and so is the whole context of each."""
    monkeypatch.setattr(shelving, "PAGE_ROWS", 15)
    monkeypatch.setattr(shelving, "CONTEXT_BYTES", 20_000)
    told, folder = publish(tmp_path, ROWS)
    beside = folder / "report" / told.version
    page = page_of(folder)
    about = json.loads(page.xpath("//script[@id='about']")[0].text)
    pages = [data_of(page, "first-rows"), *(loaded(each) for each in sorted(beside.glob("rows-*")))]

    assert (
        [len(each) for each in pages] == [each["rows"] for each in about["pages"]] == [15, 15, 10]
    )
    found = [each for part in pages for each in part]
    assert sorted(str(each["id"]) for each in found) == sorted(each.id for each in ROWS)
    contexts = [loaded(each) for each in sorted(beside.glob("contexts-*"))]
    assert len(contexts) == len(about["contexts"]) > 3
    by_id = {each.id: each for each in ROWS}
    for each in found:
        file, place = each["at"]
        folds = iter(contexts[file][place])
        pieces = [
            part for one in each["text"] for part in (next(folds) if one[0] == "f" else [one])
        ]
        assert "".join(one[-1] for one in pieces if one[0] in "te") == by_id[each["id"]].context


def test_files_beside_the_page_are_known_by_their_hashes(tmp_path: Path):
    import base64
    import hashlib

    told, folder = publish(tmp_path, ROWS)
    about = json.loads(page_of(folder).xpath("//script[@id='about']")[0].text)
    data = (folder / "report" / told.version / "contexts-000.js").read_bytes()

    assert about["contexts"] == [
        "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()
    ]


def test_of_a_large_reason_some_are_shown_and_all_are_counted(tmp_path: Path):
    _, folder = publish(tmp_path, ROWS, lost(300) + lost(2, Reason.UNPARSABLE))
    files = {str(each.relative_to(folder)): each for each in folder.rglob("*.parquet")}
    items = TurnedAwayItems(VersionFiles(files))

    assert items.counts == {("judge", "judged_low"): 300, ("judge", "unparsable"): 2}
    assert Counter(each["f"]["reason"] for each in items.shown) == {
        "judged_low": 25,
        "unparsable": 2,
    }
    shown = [each["id"] for each in items.shown]
    assert len(set(shown)) == 27 and shown != sorted(shown), "by hash, not the first ones"


def test_no_text_of_anybody_is_markup(tmp_path: Path):
    """It stands in blocks of data that no parser leaves early, and nowhere else."""
    told, folder = publish(
        tmp_path,
        [row(at, more=HOSTILE) for at in range(4)],
        lost(2, more=HOSTILE),
        licenses={HOSTILE: 1},
        notes=(HOSTILE,),
        models={"ask": HOSTILE},
        cleaning={HOSTILE: 2},
    )
    text = (folder / "report.html").read_text()
    page = page_of(folder)

    assert len(page.xpath("//script")) == 4
    for tag in (
        "img",
        "iframe",
        "link",
        "a[@href[not(starts-with(., '#'))]]",
        "*[@onload]",
        "object",
    ):
        assert not page.xpath(f"//{tag}"), tag
    assert "evil.example" in text and "<script>document" not in text
    assert not set("\u202e\u200b\u2028\u2029") & set(text.split("<script", 1)[0])
    for each in (folder / "report" / told.version).glob("*.js"):
        assert not {"<", ">", "&", "\u2028", "\u2029"} & set(each.read_text())


def test_nothing_but_the_page_itself_may_run_or_be_loaded(tmp_path: Path):
    _, folder = publish(tmp_path, ROWS[:2])
    page = page_of(folder)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert not page.xpath("//*[@style]"), "a style of an element would be refused"
    assert page.get("lang") == "en"
    heads = [int(each.tag[1]) for each in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert heads[0] == 1 and set(heads[1:]) == {2}, "one page, its parts below it"
    assert all(page.xpath("//figure//svg/@aria-hidden")) and page.xpath("//figure//svg")
    for figure in page.xpath("//figure[.//svg]"):
        assert figure.xpath(".//table"), "a chart says nothing that its table does not say"


def test_charts_do_not_share_ids(tmp_path: Path):
    """Two charts on one page would cut each other off."""
    _, folder = publish(tmp_path, ROWS, figures=figures())
    ids = page_of(folder).xpath("//@id")

    assert len(ids) == len(set(ids))


def figures() -> dict[str, list]:  # type: ignore[type-arg]
    points = tuple(
        MapPoint(x=at, y=-at, asked=at % 2 == 0, rows=at % 3) for at in range(0, 900, 90)
    )
    cell = Cell(
        language="en", bucket=0, status=CellStatus.MET, threshold=8.25, rows=240, shown_at=8.25,
        kept=151, precision=0.967, lower_bound=0.912, recall=0.861, kappa=0.68,
    )  # fmt: skip
    return {
        ROUNDS: [
            RoundTrace(
                round=at,
                policy="hybrid",
                documents=5,
                failed=0,
                pairs=9,
                reward=4.0,
                asked=5 * at,
                found=4.0 * at,
                distance=0.9 - at / 10,
            )
            for at in (1, 2, 3)
        ],
        SCORES: [
            JudgedScore(score=at / 4, threshold=8.0, kept=at >= 32, language="en")
            for at in range(24, 41)
        ],
        CLUSTERS: [
            MappedCluster(cluster=at, documents=30, asked=7, rows=4, points=points) for at in (0, 1)
        ],
        LABELS: [
            MeasuredLabels(
                who="judge and people",
                asked="good",
                rows=120,
                agreed=111,
                kappa=0.74,
                precision=0.95,
                precision_lower=0.89,
                recall=0.9,
                recall_lower=0.82,
            )
        ],
        CALIBRATION: [
            Calibration(
                wanted_precision=0.9,
                confidence=0.95,
                model="judge-1",
                mode=Mode.SCORING,
                guidelines="0",
                edges=(),
                cells=(cell,),
            )
        ],
    }


def test_people_stand_beside_the_judge(tmp_path: Path):
    _, folder = publish(tmp_path, ROWS, figures=figures())
    page = page_of(folder)

    assert table_of(page, "judges-labels") == [
        [
            "judge and people",
            "good",
            "120",
            "111 of 120",
            "0.74",
            "0.950 (at least 0.890)",
            "0.900 (at least 0.820)",
        ]
    ]
    assert table_of(page, "judges-calibration")[0][3:6] == ["8.25", "240", "0.967 (at least 0.912)"]
    scores = table_of(page, "judges-scores")
    assert sum(int(kept) for _, kept, _ in scores) == 9 and scores[0] == ["6.00", "0", "1"]
    assert table_of(page, "selection-rounds")[2][0:3] == ["3", "hybrid", "5"]
    assert table_of(page, "selection-clusters")[0] == ["0", "30", "7", "4"]


def test_what_a_row_cost_is_told_in_money_where_prices_are_known(tmp_path: Path):
    prices = Prices(
        version="2026-11-20", currency="USD", models={"made-up": Price(input=1000, output=2000)}
    )
    _, folder = publish(tmp_path, ROWS, prices=prices)
    page = page_of(folder)

    assert "0.028 USD" in page.text_content(), "1.1 USD for 40 rows"
    assert table_of(page, "cost-tokens")[-1] == [
        "all",
        "",
        "10",
        "900",
        "100",
        "25",
        "1.1",
        "0.0275",
    ]


def test_pairs_have_the_same_page(tmp_path: Path):
    pairs = [pair(at, more=HOSTILE) for at in range(30)]
    _, folder = publish(tmp_path, pairs)
    page = page_of(folder)
    shown = data_of(page, "first-rows")

    assert [each["f"]["close"] for each in shown] == ["yes"] * 15 + ["no"] * 15
    assert table_of(page, "rows-kinds") == [["person", "30"]]
    assert sum(int(line[2]) for line in table_of(page, "rows-closeness")) == 30


def test_a_version_without_a_row_has_a_page(tmp_path: Path):
    """What was turned away is what people want to see of it."""
    _, folder = publish(tmp_path, [], lost(3))
    page = page_of(folder)

    assert data_of(page, "first-rows") == [] and len(data_of(page, "lost-rows")) == 3


def test_hidden_signs_are_written_out():
    assert visible("a\u202eb\u200bc\n\td") == "a⟨U+202E⟩b⟨U+200B⟩c d"
    assert json.loads(embedded_json({"a": "</script>\u2028&"})) == {"a": "</script>\u2028&"}
    assert not set("<>&\u2028") & set(embedded_json("</script>\u2028&"))
