"""Words that tell what a name is, and where one ends."""

import re

# The number of a ruler, behind the name and part of it.
OF_A_RULER = re.compile(r"[IVX]{1,5}")

# What stands before a person's name and is no part of it.
_TITLES = (
    "president king queen prince princess emperor empress tsar czar sultan shah pharaoh duke "
    "duchess count countess earl baron baroness lord lady sir dame saint pope bishop archbishop "
    "cardinal reverend rev father sister brother mother rabbi imam mr mrs ms miss mx dr doctor "
    "professor prof general gen colonel col captain capt major lieutenant lt sergeant sgt admiral "
    "commander marshal senator sen governor gov mayor minister premier chancellor secretary "
    "ambassador judge justice chief congressman congresswoman representative chairman chairwoman "
    "director coach singer actor actress author writer poet painter rapper composer footballer "
    "pianist guitarist"
)
TITLES = frozenset(_TITLES.split())

# Capitalised at the head of a question, or in a title, and yet no part of a name.
_FUNCTION_WORDS = (
    "who whom whose what which when where why how is are was were be been do does did has have "
    "had can could will would shall should may might must in on at of for from to by with within "
    "without during after before since until through about along among between against under "
    "over and or nor but not if as than then that this these those it its he she his her their "
    "they we our you your i my there here name list give tell state identify describe explain "
    "according besides including into onto near per via also only both either once one many much "
    "ever still now us"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

# The end of a generation's name, and of a ruler's.
_SUFFIXES = "jr sr junior senior ii iii iv phd md esq"
SUFFIXES = frozenset(_SUFFIXES.split())

# First names that so many have, or had, that alone they name nobody in particular.
_FIRST_NAMES = (
    "adam albert alexander alfred alice andrew ann anna anne anthony antonio arthur barbara"
    " beatrice benjamin bernard carl carlos caroline catherine cecilia charles charlotte"
    " christian christina christine clara constance daniel david diana dorothy edgar edith edmund"
    " edward eleanor elena elizabeth ella ellen emily emma eric ernest ethel eva evelyn ferdinand"
    " florence frances francis frank frederick george gerald gilbert grace hannah harold harry"
    " helen henry herbert hugh ida irene isaac isabel isabella jacob james jane jason jean joan"
    " johann johanna john jonathan joseph juan judith julia karl katherine kim laura lawrence leo"
    " leonard leopold lewis lily louis louisa louise lucy luke margaret maria marie mark martha"
    " martin mary matilda matthew maria michael mikhail nancy nicholas nikolai oliver oscar otto"
    " paul pedro peter philip philippa rachel ralph raymond rebecca reginald richard robert roger"
    " rose rupert ruth samuel sarah sebastian simon sophia sophie stephen susan theodore thomas"
    " tom ursula victor victoria vincent violet walter wilhelm william"
)
FIRST_NAMES = frozenset(_FIRST_NAMES.split())

# Before a family name, and part of it.
_PARTICLES = "van von de der den del della di da dos du la le el al bin ibn ben ter"
PARTICLES = frozenset(_PARTICLES.split())

# What makes a name one of a place, a body or a work rather than of a person.
_BODIES = (
    "university college school academy institute company corporation corp inc ltd group "
    "records record label studios studio pictures entertainment productions press news network "
    "television radio channel club team league association union federation party church "
    "cathedral temple museum library hospital hotel theatre theater center centre hall house "
    "castle palace tower bridge road street avenue park forest garden river lake sea ocean bay "
    "island islands mountain mountains mount valley desert coast beach city town village county "
    "district province state states kingdom republic empire territory region north south east "
    "west new san saint los las united national international royal american british german "
    "french war battle treaty act law award prize cup championship championships olympics games "
    "game series season episode movie film album song band orchestra brothers sisters army navy "
    "force airport station railway line system service agency department office parliament "
    "congress senate committee council commission court society foundation bank police "
    "language century day building airlines motors forest zoo stadium field port harbour harbor "
    "military government ministry festival times post forces conference region sound"
)
BODIES = frozenset(_BODIES.split())

# Before a name of a place, and part of another place's.
_DISTINGUISHING = (
    "new north south east west northern southern eastern western central upper lower great "
    "greater san los las santa saint fort port mount lake cape papua"
)
DISTINGUISHING = frozenset(_DISTINGUISHING.split())

# In Chinese a thing named after another has its kind behind the name, without a space.
_HAN_KINDS = (
    "大学 学院 中学 小学 大桥 桥 公司 集团 医院 车站 火车站 站 机场 港 路 街 大街 大道 山 山脉 "
    "河 江 湖 海 湾 岛 半岛 群岛 厂 工厂 寺 宫 塔 馆 博物馆 图书馆 "
    "队 党 战争 战役 条约 之战 奖 杯 银行 报 日报 广场 公园 剧院 教堂 磨坊 灯塔 水库 运河 "
    "铁路 帝国 王国 王朝"
)
HAN_KINDS = tuple(_HAN_KINDS.split())
