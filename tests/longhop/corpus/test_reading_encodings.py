"""Text in any encoding is read, and how far its encoding was guessed is told."""

import codecs
import json
import os
from pathlib import Path

import pytest

from longhop.corpus.reading.decoding import decode
from longhop.records.accounts import Reason
from tests.longhop.corpus.test_reading import documents, read_all

WESTERN = (
    "El niño comió piñas|Größe|Straße|café|cœur|garçon|coração|Où est la bibliothèque?|Malmö är en"
    " stad i Skåne|Ærø ligger i det sydfynske øhav|l’été|“quoted”|¿Qué?|naïve façade – “quoted”|"
    "Perché no? È così|L'été dernier, nous sommes allés à la plage où il faisait très chaud"
).split("|")
OTHERS = {
    "cp1251": "Москва — столица России, город федерального значения.",
    "koi8_r": "Москва столица России, город федерального значения.",
    "gb18030": "云川位于北方。首府是云禾！谁不知道？这是一个很长的中文句子，用来测试编码检测。",
    "big5": "臺灣位於亞洲東部，太平洋西北側的島嶼，面積約三萬六千平方公里。",
    "cp932": "東京は日本の首都です。とても大きな都市であり、人口が多いです。",
    "euc_jp": "東京は日本の首都です。とても大きな都市であり、人口が多いです。",
    "cp949": "서울은 대한민국의 수도이며 최대 도시이다. 한강을 끼고 있다.",
    "cp1250": "Zażółć gęślą jaźń, mówi Łukasz. Dziękuję bardzo, do widzenia.",
    "cp1253": "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας και η μεγαλύτερη πόλη της.",
    "cp1255": "ירושלים היא בירת ישראל והעיר הגדולה ביותר בה.",
    "cp1256": "القاهرة هي عاصمة جمهورية مصر العربية وأكبر مدنها.",
}


@pytest.mark.parametrize("text", WESTERN)
def test_a_short_line_of_western_text_comes_out_right(tmp_path: Path, text: str):
    """A few accents tell the library little, and it likes Polish and Greek as well."""
    row = json.dumps({"text": text}, ensure_ascii=False).encode("cp1252")
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "plain"}\n' + row + b"\n")
    plain, read = read_all(tmp_path / "a.jsonl")

    assert read.found.text == text
    assert read.encoding == "cp1252"
    assert 0 < read.doubt <= 1
    assert (plain.encoding, plain.doubt) == ("utf-8", 0.0)
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("encoding", OTHERS)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.json"])
def test_text_in_the_encodings_of_the_world_is_read(tmp_path: Path, encoding: str, name: str):
    text = OTHERS[encoding]
    row = json.dumps({"text": text}, ensure_ascii=False)
    shown = {"a.txt": text, "a.jsonl": row, "a.csv": f'text,id\n"{text}",1\n', "a.json": f"[{row}]"}
    (tmp_path / name).write_bytes(shown[name].encode(encoding))
    (read,) = read_all(tmp_path / name)

    assert read.found.text == text
    assert read.encoding == encoding
    assert read.doubt > 0


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.json", "a.dat"])
@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_unicode_of_any_width_is_told_by_its_first_bytes(
    tmp_path: Path, name: str, mark: bool, encoding: str
):
    """What Windows writes. Without a mark the zeros beside ASCII give UTF-16 away."""
    if encoding == "utf-32-le" and not mark:
        pytest.skip("nobody writes that")
    text = "Plain words, then 云川 and naïve ones."
    row = json.dumps({"text": text}, ensure_ascii=False)
    shown = {"a.txt": text, "a.csv": f'text\n"{text}"\n', "a.json": f"[\n{row}\n]"}.get(name, row)
    start = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}
    start |= {"utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE}
    (tmp_path / name).write_bytes((start[encoding] if mark else b"") + shown.encode(encoding))
    (read,) = read_all(tmp_path / name)

    assert read.found.text == text
    assert (read.encoding, read.doubt) == (encoding, 0.0)


def test_files_that_were_joined_have_marks_inside(tmp_path: Path):
    (tmp_path / "a.jsonl").write_bytes(2 * (codecs.BOM_UTF8 + b'{"text": "x"}\n') + codecs.BOM_UTF8)
    *both, blank = read_all(tmp_path / "a.jsonl")

    assert [each.found.text for each in both] == ["x", "x"]
    assert blank.found is None


def test_a_few_bad_bytes_do_not_turn_utf8_into_something_else(tmp_path: Path):
    """A text that was cut in the middle of a character is still Chinese in UTF-8."""
    data = ("云川位于北方。" * 20).encode()
    decoded = decode(data[:100] + b"\xe4" + data[102:])

    assert decoded.text.count("\ufffd") in (1, 2)
    assert decoded.encoding == "utf-8"
    assert 0 < decoded.doubt < 0.1


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff", bytes(range(256)), b"\xff\x00\x01" * 50]
)
def test_what_is_no_text_is_not_read_as_one(tmp_path: Path, data: bytes):
    (tmp_path / "a.txt").write_bytes(data)
    (read,) = read_all(tmp_path / "a.txt")
    assert read.found.reason is Reason.NOT_PROSE

    (tmp_path / "a.jsonl").write_bytes(b'{"text": "x"}\n' + data.replace(b"\n", b"") + b"\n")
    _, line = read_all(tmp_path / "a.jsonl")
    assert line.found.reason is Reason.NOT_PROSE


def test_random_bytes_are_no_text():
    assert all(decode(b"\xff" + os.urandom(300)) is None for _ in range(5))


def test_a_long_text_is_told_by_a_part_of_it(tmp_path: Path):
    """Its accents may begin late; telling it must not take the whole."""
    text = "plain " * 100_000 + "El niño comió muchas piñas. " * 20_000
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))

    assert documents(tmp_path)[0].text == text
