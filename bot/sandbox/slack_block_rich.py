"""rich_text and the tables that hold it (Slack, "rich_text block", "table block", "data_table block")."""

from bot.sandbox.slack_block_core import (
    At,
    Check,
    array,
    boolean,
    by_type,
    choice,
    exactly,
    integer,
    number,
    shape,
    string,
)
from bot.sandbox.slack_block_text import block_id, link
from bot.sandbox.slack_spec import Json

_flags: dict[str, Check] = dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean)
_style = shape({}, {**_flags, "highlight": boolean, "client_highlight": boolean, "unlink": boolean})


def _part(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": exactly(kind), **required}, {"style": _style, **(optional or {})})


_PARTS: dict[str, Check] = {
    "text": _part("text", {"text": string()}),
    "link": _part("link", {"url": link}, {"text": string(), "unsafe": boolean}),
    "user": _part("user", {"user_id": string(50)}),
    "usergroup": _part("usergroup", {"usergroup_id": string(50)}),
    "channel": _part("channel", {"channel_id": string(50)}),
    "team": _part("team", {"team_id": string(50)}),
    "emoji": _part("emoji", {"name": string(100)}, {"unicode": string(100), "skin_tone": integer(1, 6)}),
    "date": _part(
        "date", {"timestamp": integer(0, 10**11), "format": string()}, {"url": link, "fallback": string()}
    ),
    "broadcast": _part("broadcast", {"range": choice("here", "channel", "everyone")}),
    "color": _part("color", {"value": string(7)}),
}
_parts = array(by_type(_PARTS))
_border = integer(0, 1)
_section = shape({"type": exactly("rich_text_section"), "elements": _parts})
_list = shape(
    {
        "type": exactly("rich_text_list"),
        "style": choice("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": _section}), 1),
    },
    {"indent": integer(0, 8), "offset": integer(0, 10**6), "border": _border},
)
_RICH: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_list": _list,
    "rich_text_quote": shape({"type": exactly("rich_text_quote"), "elements": _parts}, {"border": _border}),
    "rich_text_preformatted": shape(
        {"type": exactly("rich_text_preformatted"), "elements": _parts},
        {"border": _border, "language": string(50)},
    ),
}
rich_text = shape(
    {"type": exactly("rich_text"), "elements": array(by_type(_RICH), 1)}, {"block_id": block_id}
)

_raw_text = shape({"type": exactly("raw_text"), "text": string(low=0)})
_raw_number = shape({"type": exactly("raw_number"), "value": number, "text": string()})
_cell = by_type({"raw_text": _raw_text, "raw_number": _raw_number, "rich_text": rich_text})
_column = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column_or_skip(value: object, at: At) -> None:
    if value is not None:
        _column(value, at)


table = shape(
    {"type": exactly("table"), "rows": array(array(_cell, 1, 20), 1, 100)},
    {"block_id": block_id, "column_settings": array(_column_or_skip, 0, 20)},
)


def _even_rows(value: Json, at: At) -> None:
    rows = [row for row in value.get("rows") or [] if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        at.down("rows").fault("uneven", "all rows must have the same number of cells")
    for index, cell in enumerate(rows[0] if rows else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            at.down("rows").down(0).down(index).fault("not_allowed", "the header row cannot hold rich_text")


def cell_characters(value: Json) -> int:
    """Characters over all cells of a data_table; the documented limit is 20,000."""
    cells = [cell for row in value.get("rows") or [] if isinstance(row, list) for cell in row]
    return sum(len(str(cell.get("text", ""))) for cell in cells if isinstance(cell, dict))


data_table = shape(
    {
        "type": exactly("data_table"),
        "caption": string(2000),
        "rows": array(array(_cell, 1, 20), 2, 101),
    },
    {
        "block_id": block_id,
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, 19),
    },
    _even_rows,
)

_label = string(20)
_point = shape({"label": _label, "value": number})


def _pie_slice(value: object, at: At) -> None:
    _point(value, at)
    amount = value.get("value") if isinstance(value, dict) else None
    if isinstance(amount, int | float) and amount <= 0:
        at.down("value").fault("out_of_range", "must be more than 0")


def _series_fit(value: Json, at: At) -> None:
    axis = value.get("axis_config")
    categories = axis.get("categories") if isinstance(axis, dict) else None
    names = [s.get("name") for s in value.get("series") or [] if isinstance(s, dict)]
    if len(set(map(str, names))) != len(names):
        at.down("series").fault("duplicate", "series names must be unique")
    for index, series in enumerate(value.get("series") or []):
        labels = [p.get("label") for p in series.get("data") or [] if isinstance(p, dict)]
        if labels != categories:
            place = at.down("series").down(index).down("data")
            place.fault("uneven", "each series needs exactly one point per category, in order")


_axes = shape({"categories": array(_label, 1, 20)}, {"x_label": string(50), "y_label": string(50)})
_series = array(shape({"name": _label, "data": array(_point, 1, 20)}), 1, 6)
_CHARTS: dict[str, Check] = {
    kind: shape({"type": exactly(kind), "series": _series, "axis_config": _axes}, {}, _series_fit)
    for kind in ("bar", "area", "line")
}
_CHARTS["pie"] = shape({"type": exactly("pie"), "segments": array(_pie_slice, 1, 6)})
data_visualization = shape(
    {"type": exactly("data_visualization"), "title": string(50), "chart": by_type(_CHARTS)},
    {"block_id": block_id},
)
