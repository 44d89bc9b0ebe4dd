"""Countries that are commonly called by more than one name."""

from longhop.questions.bridging.tokens import words_in

_NAMES = """
United States; United States of America; USA; US; America; the States; 美国; 美利坚合众国
United Kingdom; UK; Great Britain; Britain; 英国; 联合王国
United Arab Emirates; UAE; 阿联酋; 阿拉伯联合酋长国
Soviet Union; USSR; Union of Soviet Socialist Republics; 苏联
Russia; Russian Federation; 俄罗斯; 俄国
China; People's Republic of China; PRC; 中国; 中华人民共和国
Taiwan; Republic of China; ROC; 台湾; 中华民国
South Korea; Republic of Korea; ROK; 韩国; 大韩民国
North Korea; Democratic People's Republic of Korea; DPRK; 朝鲜
Germany; Federal Republic of Germany; 德国
East Germany; German Democratic Republic; GDR; DDR; 东德
France; French Republic; 法国
Italy; Italian Republic; 意大利
Spain; Kingdom of Spain; 西班牙
Netherlands; Holland; Kingdom of the Netherlands; 荷兰
Czech Republic; Czechia; 捷克
Ireland; Republic of Ireland; Éire; 爱尔兰
North Macedonia; Republic of North Macedonia; Macedonia
Turkey; Türkiye; Republic of Turkey; 土耳其
Iran; Islamic Republic of Iran; Persia; 伊朗
Iraq; Republic of Iraq; 伊拉克
Syria; Syrian Arab Republic; 叙利亚
Saudi Arabia; Kingdom of Saudi Arabia; KSA; 沙特阿拉伯; 沙特
Egypt; Arab Republic of Egypt; 埃及
Israel; State of Israel; 以色列
India; Republic of India; 印度
Pakistan; Islamic Republic of Pakistan; 巴基斯坦
Sri Lanka; Ceylon; 斯里兰卡
Myanmar; Burma; 缅甸
Thailand; Kingdom of Thailand; Siam; 泰国
Vietnam; Viet Nam; Socialist Republic of Vietnam; 越南
Laos; Lao People's Democratic Republic; 老挝
Cambodia; Kampuchea; 柬埔寨
Philippines; Republic of the Philippines; 菲律宾
Japan; State of Japan; 日本
Brunei; Brunei Darussalam; 文莱
East Timor; Timor-Leste; 东帝汶
Ivory Coast; Côte d'Ivoire; 科特迪瓦
Cape Verde; Cabo Verde; 佛得角
Eswatini; Swaziland; 斯威士兰
Democratic Republic of the Congo; DR Congo; DRC; Congo-Kinshasa; Zaire; 刚果民主共和国
Republic of the Congo; Congo-Brazzaville; 刚果共和国
Tanzania; United Republic of Tanzania; 坦桑尼亚
Zimbabwe; Rhodesia; 津巴布韦
South Africa; Republic of South Africa; RSA; 南非
Ethiopia; Abyssinia; 埃塞俄比亚
Bolivia; Plurinational State of Bolivia; 玻利维亚
Venezuela; Bolivarian Republic of Venezuela; 委内瑞拉
Mexico; United Mexican States; 墨西哥
Brazil; Federative Republic of Brazil; 巴西
Moldova; Republic of Moldova; 摩尔多瓦
Belarus; Byelorussia; 白俄罗斯
Vatican City; Holy See; Vatican; 梵蒂冈
Micronesia; Federated States of Micronesia; 密克罗尼西亚
Bahamas; Commonwealth of the Bahamas; 巴哈马
Gambia; Republic of the Gambia; 冈比亚
New Zealand; Aotearoa; 新西兰
European Union; EU; 欧盟
"""


def _read(table: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    lines = [line.split("; ") for line in table.strip().splitlines()]
    return {words_in(name): tuple(names) for names in lines for name in names}


_BY_NAME = _read(_NAMES)


def other_names(words: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the country that one of its names stands for, or none."""
    return tuple(name for name in _BY_NAME.get(words, ()) if words_in(name) != words)
