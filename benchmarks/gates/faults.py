"""What is wrong with rows that people made: each was read with its steps and paragraphs.

Only rows that a gate turned away were read, so others may have faults, too. A row that is turned
away and is not here counts as falsely rejected.
"""

_THEY = "'they', who give out awards, are nobody that it names"
_TITLE = "a title without marks or capitals, in which 'she' and 'him' are nobody: no sentence"
_MACH = "names the bridge: what is called Mach is named after Mach"
_TOLD = "asks for the position of a governor general, who is that"

FAULTS = {
    "4hop1__88342_49853_128008_92225": _THEY,
    "4hop1__88342_49853_128008_46894": _THEY,
    "4hop1__88342_49853_128008_87812": _THEY,
    "4hop1__88342_49853_128008_86588": _THEY,
    "4hop1__88342_75218_128008_89859": _THEY,
    "4hop1__88342_75218_128008_86588": _THEY,
    "2hop__144317_120065": "'the city were X was born': misspelt, nothing describes it",
    "3hop1__379231_40769_64047": "'the manufacturer' of nothing: the car is not named",
    "3hop2__57186_89048_66294": _TITLE,
    "3hop2__368986_89048_66294": _TITLE,
    "3hop2__89048_228_66294": _TITLE,
    "2hop__40970_90367": "'Red Sea', the bridge, is one of the accepted answers",
    "4hop1__342858_131850_33952_34088": "'Tucson', the bridge, is one of the accepted answers",
    "2hop__9174_9237": "both steps rest on one paragraph",
    "2hop__61714_42553": "both steps rest on one paragraph",
    "3hop1__41865_55331_34700": "by the paragraph of step 1 the Rhine flows through the Channel",
    "2hop__682872_516436": "the answer is 'physic', a piece of the word 'physicist'",
    "2hop__30384_30351": "asks about 'Hay', who is Hayek",
    "2hop__84847_148696": _TOLD,
    "2hop__75714_148696": _TOLD,
    "2hop__80834_148696": "the paragraph of step 1 is about the answer",
    "2hop__135653_669373": _MACH,
    "2hop__135652_669373": _MACH,
    "2hop__135651_669373": _MACH,
    "3hop1__239036_15840_36002": "asks about 'Xexys', which is Xexyz",
}
