"""Bridging: the answer of one question is what another asks about.

`tokens` cuts a text into words that can be compared, `vocabulary` and `countries` know words that
mean something in a name, `forms` lists how a name may be given, `generic` knows answers that
identify nothing, `finding` is the link test, and `index` ranks what passes it.
"""

from longhop.questions.bridging.finding import Mention, find_bridge, find_name
from longhop.questions.bridging.index import Bridge, BridgeIndex

__all__ = ["Bridge", "BridgeIndex", "Mention", "find_bridge", "find_name"]
