"""A tired ad's chart: CTR (link) and frequency by day, as a PNG and in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.domain.fatigue_reading import ChartDay, FatigueReading
from bot.views import fatigue_words
from bot.views.figures import Notation, day, days

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _DPI = 1_000, 500, 100  # pixels, and pixels to the inch
_WEEK = 7
_GAP: Final = math.nan
# Blue and vermilion of Okabe and Ito's palette, darkened until both keep a contrast of 4.5 on white; the
# marks differ as well. The picture brings its own ground, so it reads the same where Slack is dark.
_BLUE, _RED = "#005A8E", "#B54700"
_GROUND, _INK, _QUIET, _GRID, _SHADE = "#FFFFFF", "#1D1C1D", "#616061", "#E3E3E3", "#FBF0D9"
_FONT = ("DejaVu Sans",)  # comes with matplotlib, so that every machine draws the same


@dataclass(frozen=True, slots=True)
class _Curve:
    """One line: its name with its mark, its value on a day, and how it looks."""

    legend: str
    value: Callable[[ChartDay], float | None]
    colour: str
    mark: str
    unit: str


def _rate(one: ChartDay) -> float | None:
    return one.clicks / one.impressions * 100 if one.impressions else None


_CTR = _Curve("\u25cf CTR (link) by day", _rate, _BLUE, "o", "{:.2f}%")
_FREQUENCY = _Curve("\u25a0 Frequency over 7 days", lambda one: one.frequency, _RED, "s", "{:.1f}")


def chart(reading: FatigueReading) -> bytes:
    """A PNG of 1000 x 500 pixels. Needs the reading's `series`; equal readings give equal bytes.

    Drawn with objects of its own, without pyplot, so that several threads may draw at once.
    """
    # Imported here: it costs 0.4 s and 50 MB, which only a process that draws should pay.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH / _DPI, _HEIGHT / _DPI), dpi=_DPI, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    _title(figure, reading)
    left = figure.add_axes((0.075, 0.12, 0.85, 0.64), facecolor=_GROUND)
    right = left.twinx()
    _ground(left, reading)
    _draw(left, _CTR, reading)
    _draw(right, _FREQUENCY, reading)
    for axes in (left, right):
        _plain(axes)
    left.grid(axis="y", color=_GRID, linewidth=1)
    left.set_axisbelow(True)
    image = BytesIO()
    figure.savefig(image, format="png", metadata={"Software": None})
    return image.getvalue()


def alt(reading: FatigueReading, notation: Notation) -> str:
    """The finding in words, for who cannot see the chart."""
    span = f", {days(reading.series[0].day, reading.day)}" if reading.series else ""
    risk = fatigue_words.at_risk(reading, notation)
    told = f"CTR (link) and frequency by day{span}. {fatigue_words.fall(reading)}."
    return f"{told} {risk}." if risk else told


def _title(figure: "Figure", reading: FatigueReading) -> None:
    """The finding over the chart, and below it what the lines and the shade are."""
    ctr, often = fatigue_words.ctr_fall(reading), fatigue_words.frequency_rise(reading)
    found = ctr or often or "CTR (link) and frequency by day"
    then = f"{often[0].upper()}{often[1:]}" if ctr and often else ""
    _text(figure, 0.02, 0.945, found, size=15, weight="bold")
    _text(figure, 0.02, 0.885, then, size=11.5, colour=_QUIET)
    shade = f"shaded: since {day(reading.since)}"
    _text(figure, 0.02, 0.81, _CTR.legend, size=11, colour=_CTR.colour)
    _text(figure, 0.5, 0.81, shade, size=11, colour=_QUIET, align="center")
    _text(figure, 0.98, 0.81, _FREQUENCY.legend, size=11, colour=_FREQUENCY.colour, align="right")


def _text(  # noqa: PLR0913 - where, what and how
    figure: "Figure",
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    colour: str = _INK,
    weight: str = "normal",
    align: str = "left",
) -> None:
    figure.text(
        x, y, words, fontsize=size, color=colour, fontweight=weight, ha=align, va="center", fontfamily=_FONT
    )


def _ground(axes: "Axes", reading: FatigueReading) -> None:
    """The calendar, with the days of the finding shaded as far as they are drawn."""
    if not reading.series:
        axes.set_xticks([0.5], labels=["No daily figures are kept of these days"])
        return
    first = reading.series[0].day
    start = max(_place(reading.since, first), 0)
    axes.axvspan(start - 0.5, _place(reading.day, first) + 0.5, color=_SHADE, linewidth=0)
    _days(axes, first, reading.day)


def _days(axes: "Axes", first: date, last: date) -> None:
    """A tick a week, counted back from the last day, which is always named."""
    span = _place(last, first)
    ticks = list(range(span, -1, -_WEEK if span > 2 * _WEEK else -2))
    labels = [day(first + timedelta(days=tick)) for tick in ticks]
    axes.set_xticks(ticks, labels=labels)
    axes.set_xlim(-0.7, span + 0.7)


def _draw(axes: "Axes", curve: _Curve, reading: FatigueReading) -> None:
    """The line from zero on, broken where there was no delivery; no scale where nothing is known."""
    values = _values(reading, curve.value)
    known = [value for value in values if not math.isnan(value)]
    axes.set_ylim(0, max(known, default=0.0) * 1.15 or 1.0)
    if not known:
        axes.set_yticks([])
        return
    axes.yaxis.set_major_formatter(lambda value, _place: curve.unit.format(value))
    axes.plot(
        range(len(values)),
        values,
        color=curve.colour,
        marker=curve.mark,
        markersize=5,
        linewidth=2,
        clip_on=False,
    )


def _values(reading: FatigueReading, value: Callable[[ChartDay], float | None]) -> Sequence[float]:
    """One value for each calendar day up to the reading's; not a number where there is none."""
    if not reading.series:
        return []
    first = reading.series[0].day
    found = {one.day: value(one) for one in reading.series}
    calendar = (first + timedelta(days=index) for index in range(_place(reading.day, first) + 1))
    return [_GAP if (read := found.get(one)) is None else read for one in calendar]


def _place(of: date, first: date) -> int:
    return (of - first).days


def _plain(axes: "Axes") -> None:
    """No frame, quiet labels in the font that comes along."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=10.5, labelcolor=_QUIET, labelfontfamily=_FONT[0])
