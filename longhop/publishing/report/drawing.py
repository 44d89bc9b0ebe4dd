"""Charts as SVG: Vega-Lite draws them when the page is written, so that it needs no script."""

import json
import re
from collections.abc import Mapping
from typing import Any

from longhop.publishing.report.escaping import visible

# The page gives these names their colours, light and dark; pictures elsewhere have the light ones.
LIGHT = {
    "--ink": "#1d2430",
    "--quiet": "#5c6675",
    "--line": "#d9dde3",
    "--paper": "#ffffff",
    "--accent": "#1f5fbf",
    "--soft": "#9db8dd",
    "--warm": "#e08e4f",
    "--grey": "#cfd5dd",
}
# Its shapes are within the library, so that texts take the same room on every machine.
_FONT = "Liberation Sans"
_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": _FONT,
    "padding": {"left": 22, "right": 26, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "var(--line)",
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelLimit": 220,
    },
    "legend": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--quiet)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "top",
        "symbolStrokeColor": "var(--ink)",
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
}
_VARIABLE = re.compile(r"var\((--\w+)\)")
_ID = re.compile(r'(id="|url\(#)([\w-]+)')
_BACKGROUND = re.compile(r'<rect [^>]*fill="transparent"/>')

Spec = Mapping[str, Any]


def draw(spec: Spec, name: str) -> str:
    """The SVG of a Vega-Lite chart, its colours by name; the same for the same chart.

    Its name keeps the ids in it apart from those of another chart on the page.

    It is hidden from readers by ear: a table beside it says the same.
    """
    import vl_convert  # 0.7 s for the first chart, which most commands never draw

    chart = {**_drawable(spec), "config": _CONFIG}
    svg = vl_convert.vegalite_to_svg(json.dumps(chart), vl_version="5.20")
    svg = _BACKGROUND.sub("", svg).replace(f'font-family="{_FONT}"', "")
    # The library counts them through the life of a process: what was drawn before would show.
    ids: dict[str, int] = {}
    svg = _ID.sub(lambda found: f"{found[1]}{name}-{ids.setdefault(found[2], len(ids))}", svg)
    return re.sub(r"^<svg ", '<svg aria-hidden="true" ', svg)


def _drawable(value: Any) -> Any:
    """The same without signs that no XML holds: the library ends the process at one."""
    if isinstance(value, str):
        return value if value.isprintable() else visible(value)
    if isinstance(value, Mapping):
        return {name: _drawable(each) for name, each in value.items()}
    return [_drawable(each) for each in value] if isinstance(value, list | tuple) else value


def with_colours(svg: str) -> str:
    """The same as a picture of its own, where no page gives it colours."""
    own = _VARIABLE.sub(lambda found: LIGHT[found[1]], svg).replace(' aria-hidden="true"', "")
    ground = f'<rect width="100%" height="100%" fill="{LIGHT["--paper"]}"/>'
    own = own.replace("<svg ", '<svg font-family="Arial, sans-serif" ', 1)
    return own.replace(">", f">{ground}", 1)
