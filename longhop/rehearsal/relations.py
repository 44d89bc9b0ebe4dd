"""What can be asked of a thing, how it is worded in English and in Chinese, and read back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

Kind = Literal["person", "place", "organisation", "work", "date", "number", "other"]
Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Relation:
    """One relation in one language. The key is shared by the languages.

    `phrase` describes the object, so that it can stand where a name would: with it two
    questions become one. `compare` weighs the objects of two subjects; the earlier one is
    asked for, or the larger.
    """

    key: str
    name: str
    kind: Kind
    question: str
    phrase: str
    sentence: str
    compare: str = ""
    larger: bool = False

    @cached_property
    def question_form(self) -> re.Pattern[str]:
        """Reads the subject out of the question."""
        return _form(self.question)

    @cached_property
    def phrase_form(self) -> re.Pattern[str]:
        """Reads the subject out of the phrase."""
        return _form(self.phrase)

    @cached_property
    def compare_form(self) -> re.Pattern[str]:
        """Reads the two subjects out of the comparison."""
        return _form(self.compare)


def _form(template: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(re.escape(part) for part in template.split("{}")), re.DOTALL)


# Key and name, kind, question, phrase, sentence.
_ENGLISH = """
place of birth | place | Where was {} born? | the place where {} was born | {} was born in {}.
place of death | place | Where did {} die? | the place where {} died | {} died in {}.
place of burial | place | Where was {} buried? | the burial place of {} | {} was buried in {}.
location | place | Where is {} located? | the place that {} is in | {} is located in {}.
river | place | On which river does {} lie? | the river passing {} | {} lies on the river {}.
mouth | place | What does {} flow into? | the water that {} flows into | {} flows into {}.
source | place | Where does {} rise? | the place where {} rises | {} rises in {}.
headquarters | place | Where is {} headquartered? | the seat of {} | {} is headquartered in {}.
city of licence | place | Where is {} licensed? | the city {} serves | {} is licensed to {}.
education | organisation | Where did {} study? | the school where {} studied | {} studied at {}.
employer | organisation | Whom does {} work for? | the employer of {} | {} works for {}.
membership | organisation | Which group is {} in? | the group of {} | {} is a member of the {}.
team | organisation | Which team did {} play for? | the team that {} played for | {} played for {}.
record label | organisation | Which label released {}? | the label of {} | {} was released by {}.
network | organisation | Which network aired {}? | the network that aired {} | {} aired on {}.
spouse | person | Who was {} married to? | the spouse of {} | {} was married to {}.
parent | person | Who is a parent of {}? | the parent of {} | {} is the child of {}.
sibling | person | Who is a sibling of {}? | the sibling of {} | {} is the sister of {}.
namesake | other | Who or what is {} named after? | the namesake of {} | {} is named after {}.
award | other | Which prize did {} win? | the prize that {} won | {} won the {}.
album | work | Which album is {} from? | the album that {} is from | {} is a song from the album {}.
model work | work | What is {} based on? | the model of {} | {} is based on the novel {}.
origin | place | Where is {} from? | the place that {} is from | {} is a band from {}.
series | work | Which series is {} from? | the series that {} is from | {} is a character in {}.
sequel | work | What is {} the sequel to? | the work that {} follows | {} is the sequel to {}.
whole | other | What is {} part of? | the whole that {} is part of | {} is part of the {}.
event | other | Where did {} compete? | the event where {} competed | {} competed in the {}.
winner | other | Who won {}? | the winner of {} | {} was won by {}.
distributor | organisation | Who distributed {}? | the distributor of {} | {} was distributed by {}.
residence | place | Where did {} live? | the place where {} lived | {} lived in {}.
place of foundation | place | Where was {} founded? | the home of {} | {} was founded in {}.
venue | place | Where was {} held? | the place where {} was held | {} was held in {}.
studio | place | Where was {} recorded? | the place that {} was recorded in | {} was recorded in {}.
setting | place | Where is {} set? | the place where {} is set | {} is set in {}.
best work | work | What is {} known for? | the best work of {} | {} is known for a part in {}.
star | person | Who starred in {}? | the star of {} | {} is a film starring {}.
founder | person | Who founded {}? | the founder of {} | {} was founded by {}.
author | person | Who wrote {}? | the author of {} | {} was written by {}.
film director | person | Who directed {}? | the director of {} | {} was directed by {}.
composer | person | Who composed {}? | the composer of {} | {} was composed by {}.
designer | person | Who designed {}? | the designer of {} | {} was designed by {}.
builder | person | Who built {}? | the builder of {} | {} was built by {}.
publisher | organisation | Who published {}? | the publisher of {} | {} was published by {}.
producer | person | Who produced {}? | the producer of {} | {} was produced by {}.
performer | person | Who performed {}? | the performer of {} | {} was performed by {}.
owner | organisation | Who owns {}? | the owner of {} | {} was owned by {}.
developer | organisation | Who developed {}? | the developer of {} | {} was developed by {}.
painter | person | Who painted {}? | the painter of {} | {} was painted by {}.
discoverer | person | Who discovered {}? | the discoverer of {} | {} was discovered by {}.
actor | person | Who played {}? | the actor who played {} | {} was played by {}.
ruler | person | Who ruled {}? | the ruler of {} | {} was ruled by {}.
presenter | person | Who presented {}? | the presenter of {} | {} was presented by {}.
manufacturer | organisation | Who made {}? | the manufacturer of {} | {} was made by {}.
mayor | person | Who is the mayor of {}? | the mayor of {} | The mayor of {} is {}.
director | person | Who is the director of {}? | the director of {} | The director of {} is {}.
president | person | Who is the president of {}? | the president of {} | The president of {} is {}.
governor | person | Who is the governor of {}? | the governor of {} | The governor of {} is {}.
chairman | person | Who is the chairman of {}? | the chairman of {} | The chairman of {} is {}.
rector | person | Who is the rector of {}? | the rector of {} | The rector of {} is {}.
editor | person | Who is the editor of {}? | the editor of {} | The editor of {} is {}.
principal | person | Who is the principal of {}? | the principal of {} | The principal of {} is {}.
conductor | person | Who is the conductor of {}? | the conductor of {} | The conductor of {} is {}.
leader | person | Who is the leader of {}? | the leader of {} | The leader of {} is {}.
capital | place | What is the capital of {}? | the capital of {} | The capital of {} is {}.
county seat | place | What is the county seat of {}? | the seat of {} | The county seat of {} is {}.
year of foundation | date | When was {} founded? | the year {} was founded | {} was founded in {}.
year of construction | date | When was {} built? | the year {} was built | {} was built in {}.
year of publication | date | When was {} published? | the year {} came out | {} was published in {}.
date of release | date | When was {} released? | the year {} was released | {} was released in {}.
date of opening | date | When was {} opened? | the year {} was opened | {} was opened in {}.
date of birth | date | When was {} born? | the date on which {} was born | {} was born on {}.
date of death | date | When did {} die? | the date on which {} died | {} died on {}.
population | number | How many live in {}? | the population of {} | {} has a population of {}.
height | number | How high is {}? | the height of {} | {} is {} high.
length | number | How long is {}? | the length of {} | {} is {} long.
"""
# Key, name, question, sentence; the phrase is made of the name.
_CHINESE = """
place of birth | 出生地 | {}出生于哪里？ | {}出生于{}。
place of death | 逝世地 | {}逝世于哪里？ | {}逝世于{}。
location | 所在地 | {}位于哪里？ | {}位于{}。
mouth | 流入的水域 | {}流入哪里？ | {}流入{}。
source | 发源地 | {}发源于哪里？ | {}发源于{}。
headquarters | 总部所在地 | {}的总部设在哪里？ | {}的总部设在{}。
capital | 首都 | {}的首都是哪里？ | {}的首都是{}。
education | 毕业院校 | {}毕业于哪所学校？ | {}毕业于{}。
employer | 任职机构 | {}任职于哪个机构？ | {}任职于{}。
publisher | 出版者 | 谁出版了{}？ | {}由{}出版。
spouse | 配偶 | {}与谁结婚？ | {}与{}结婚。
parent | 父亲或母亲 | {}是谁的子女？ | {}是{}的孩子。
founder | 创立者 | 谁创立了{}？ | {}由{}创立。
author | 作者 | 谁创作了{}？ | {}由{}创作。
film director | 导演 | 谁导演了{}？ | {}由{}导演。
composer | 作曲者 | 谁为{}作曲？ | {}由{}作曲。
designer | 设计者 | 谁设计了{}？ | {}由{}设计。
builder | 建造者 | 谁建造了{}？ | {}由{}建造。
owner | 所有者 | {}归谁所有？ | {}归{}所有。
ruler | 统治者 | 谁统治{}？ | {}由{}统治。
mayor | 市长 | {}的市长是谁？ | {}的市长是{}。
director | 馆长 | {}的馆长是谁？ | {}的馆长是{}。
rector | 校长 | {}的校长是谁？ | {}的校长是{}。
president | 会长 | {}的会长是谁？ | {}的会长是{}。
chairman | 主席 | {}的主席是谁？ | {}的主席是{}。
editor | 主编 | {}的主编是谁？ | {}的主编是{}。
year of foundation | 成立时间 | {}成立于何时？ | {}成立于{}。
year of construction | 建成时间 | {}建成于何时？ | {}建成于{}。
year of publication | 出版时间 | {}出版于何时？ | {}出版于{}。
date of release | 上映时间 | {}上映于何时？ | {}上映于{}。
date of birth | 出生时间 | {}出生于何时？ | {}出生于{}。
date of death | 逝世时间 | {}逝世于何时？ | {}逝世于{}。
population | 人口 | {}的人口是多少？ | {}的人口为{}。
height | 高度 | {}有多高？ | {}高{}。
length | 长度 | {}有多长？ | {}全长{}。
"""
# What compares two of them, in English and in Chinese.
_COMPARISONS = """
year of foundation | Which was founded earlier, {} or {}? | {}和{}，哪一个成立得更早？
year of construction | Which was built earlier, {} or {}? | {}和{}，哪一个建成得更早？
year of publication | Which was published earlier, {} or {}? | {}和{}，哪一个出版得更早？
date of release | Which was released earlier, {} or {}? | {}和{}，哪一个上映得更早？
date of opening | Which was opened earlier, {} or {}?
date of birth | Who was born earlier, {} or {}? | {}和{}，谁出生得更早？
date of death | Who died earlier, {} or {}? | {}和{}，谁逝世得更早？
population | Which has the larger population, {} or {}? | {}和{}，哪一个人口更多？
height | Which is higher, {} or {}? | {}和{}，哪一个更高？
length | Which is longer, {} or {}? | {}和{}，哪一个更长？
"""
_LARGER = ("population", "height", "length")


def _rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def _english() -> Iterator[Relation]:
    compare = {key: english for key, english, *_ in _rows(_COMPARISONS)}
    for key, kind, question, phrase, sentence in _rows(_ENGLISH):
        weighs, larger = compare.get(key, ""), key in _LARGER
        yield Relation(key, key, cast(Kind, kind), question, phrase, sentence, weighs, larger)


def _chinese(english: Mapping[str, Relation]) -> Iterator[Relation]:
    compare = {key: chinese for key, _, *rest in _rows(_COMPARISONS) for chinese in rest}
    for key, name, question, sentence in _rows(_CHINESE):
        weighs, larger = compare.get(key, ""), key in _LARGER
        kind, phrase = english[key].kind, "{}的" + name
        yield Relation(key, name, kind, question, phrase, sentence, weighs, larger)


_TABLE = {relation.key: relation for relation in _english()}
RELATIONS: dict[Language, dict[str, Relation]] = {
    "en": _TABLE,
    "zh": {relation.key: relation for relation in _chinese(_TABLE)},
}
ROLES = (
    "mayor", "director", "president", "governor", "chairman", "rector", "editor", "principal",
    "conductor", "leader", "capital", "county seat",
)  # fmt: skip


def language_of(text: str) -> Language:
    """Chinese where at least three in ten letters are Chinese characters."""
    chinese = sum("一" <= character <= "鿿" for character in text)
    return "zh" if chinese and chinese >= 0.3 * sum(map(str.isalpha, text)) else "en"
