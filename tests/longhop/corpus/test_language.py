"""Languages: identified by script and small words, and the prompts for those that have none."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from longhop.corpus.languages.codes import detect_language, language_code, prompt_language
from longhop.corpus.languages.identifying import identify_language
from longhop.corpus.languages.scripts import main_script, same_script

SAID = {
    "ar": "تأسست المدينة في القرن الثاني عشر وتقع على الضفة اليسرى للنهر.",
    "bg": "Градът е основан през дванадесети век и се намира на левия бряг на реката.",
    "de": "Die Stadt wurde im zwölften Jahrhundert gegründet und liegt am Ufer des Flusses.",
    "en": "The town was founded in the twelfth century on the left bank of the river.",
    "es": "La ciudad fue fundada por los romanos en el siglo primero, en la orilla del río.",
    "fa": "این شهر در سده دوازدهم بنیان نهاده شد و در کرانه چپ رود قرار دارد.",
    "fr": "La ville a été fondée par les Romains au premier siècle, sur la rive du fleuve.",
    "hi": "यह नगर बारहवीं शताब्दी में बसाया गया था और नदी के बाएँ किनारे पर स्थित है।",
    "ja": "その町は十二世紀に建てられ、川の左岸にある。",
    "ko": "그 도시는 12세기에 세워졌으며 강의 왼쪽 기슭에 있다.",
    "nl": "De stad werd in de twaalfde eeuw gesticht en ligt op de linkeroever van de rivier.",
    "ru": "Город был основан в двенадцатом веке и расположен на левом берегу реки.",
    "th": "เมืองนี้ก่อตั้งขึ้นในคริสต์ศตวรรษที่สิบสอง",
    "tr": "Şehir on ikinci yüzyılda kuruldu ve nehrin sol kıyısında yer alır.",
    "uk": "Місто було засноване у дванадцятому столітті і розташоване на лівому березі річки.",
    "ur": "یہ شہر بارہویں صدی میں قائم ہوا اور دریا کے بائیں کنارے پر واقع ہے۔",
    "vi": "Thành phố được thành lập vào thế kỷ thứ mười hai và nằm ở bờ trái của con sông.",
    "zh": "这座城市建于十二世纪，位于河的左岸。",
}


@pytest.mark.parametrize("language", SAID)
def test_a_language_is_identified(language: str):
    found = identify_language(SAID[language])

    assert found.language == language
    assert not found.doubtful


@pytest.mark.parametrize(
    "text",
    [
        "for i in range(9):\n    print(i ** 2)\n",
        "\\begin{lemma} \\label{x} $A \\to B$ \\end{lemma}",
        "- 2 cups flour\n- 1 tsp salt\n- 3 eggs",
        "x = 1 | y = 2",
        "123",
        "",
    ],
)
def test_what_is_no_language_is_taken_for_english(text: str):
    assert identify_language(text).language == "en"


def test_a_guess_is_doubtful():
    assert identify_language("x1 | y2 | 33").doubtful


def test_code_and_links_do_not_outweigh_what_is_said_of_them():
    code = "```py\nfor the_key in the_list: print(the_key)\n```\nhttps://a.org/of-the-and-to\n"

    assert identify_language(f"{code}{SAID['fr']}\n{code}").language == "fr"
    assert identify_language(f"class Reader(BaseReader): pass\n{SAID['ru']}").language == "ru"


def test_threads_share_the_model():
    texts = [SAID["fr"], SAID["uk"], SAID["fa"]] * 8
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(identify_language, texts))

    assert [each.language for each in found] == ["fr", "uk", "fa"] * 8


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = (
        "import longhop.corpus.cleaning, longhop.corpus.cleaning.personal, sys;"
        "sys.exit(any(each in sys.modules for each in ('numpy', 'py3langid', 'phonenumbers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_short_texts_are_told_by_script():
    assert detect_language("鹭澜江发源于墨屏山。") == "zh"
    assert detect_language("The river, 江, rises in the hills of the north.") == "en"
    assert detect_language("123") == "en"


def test_scripts_beside_latin_count_from_a_fifth():
    assert main_script("Ядро и модули Linux: kernel module loader") == "Cyrillic"
    assert main_script("The Greek letter α stands for the angle.") == "Latin"
    assert main_script("東京タワーは1958年に建てられた。") == "Kana"


@pytest.mark.parametrize("language", SAID)
def test_a_question_is_in_the_script_of_its_language(language: str):
    assert same_script(SAID[language], language)


@pytest.mark.parametrize(
    ("question", "language", "same"),
    [
        ("What is the capital?", "ar", False),
        ("What is the capital?", "ru", False),
        ("ما هو XML Schema؟", "ar", True),
        ("Qui a fondé Москва en 1147 ?", "fr", True),
        ("Кто основал город?", "fr", False),
        ("这座城市建于何时？", "ja", False),
        ("Kada je osnovan grad?", "sr", True),
        ("Када је основан град?", "sr", True),
        ("1833?", "ko", True),
    ],
)
def test_a_name_in_foreign_letters_is_no_other_language(question: str, language: str, same: bool):
    assert same_script(question, language) is same


@pytest.mark.parametrize(
    ("given", "code"),
    [("en_GB", "en"), ("ZH-Hant", "zh"), ("fra", "fr"), ("und", ""), ("n/a", ""), ("", "")],
)
def test_a_code_is_read_from_what_a_source_says(given: str, code: str):
    assert language_code(given) == code


def test_every_language_has_prompts():
    assert [prompt_language(each) for each in ("en", "zh", "ar", "fr")] == ["en", "zh", "en", "en"]
