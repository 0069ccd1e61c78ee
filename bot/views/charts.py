"""A tired ad's chart: CTR (link) and frequency by day, as a PNG and in words."""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.domain.fatigue_reading import ChartDay, FatigueReading
from bot.views import fatigue_words
from bot.views.figures import Notation, day, days

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT, _DPI = 1_000, 500, 100  # pixels, and pixels per inch
_MOST_TICKS = 9
# Blue and orange of Okabe and Ito's palette, which people with any kind of colour vision tell apart; the
# picture brings its own light ground, so that it reads the same in Slack's dark mode.
_CTR, _FREQUENCY, _WINDOW = "#0072B2", "#B35A00", "#F0E9D8"
_GROUND, _INK, _GRID = "#FFFFFF", "#222222", "#DDDDDD"
_MISSING: Final = math.nan


def chart(reading: FatigueReading) -> bytes:
    """A PNG of 1000 x 500 pixels; equal readings give equal bytes. Needs the reading's `series`."""
    # Imported here: it takes half a second and 40 MB that only a process which draws should pay.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH / _DPI, _HEIGHT / _DPI), dpi=_DPI, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    rates = figure.add_axes((0.08, 0.13, 0.84, 0.68))
    _draw(rates, reading)
    figure.text(0.08, 0.945, title(reading), fontsize=13, fontweight="bold", color=_INK, va="center")
    image = BytesIO()
    figure.savefig(image, format="png", metadata={"Software": None})
    return image.getvalue()


def alt(reading: FatigueReading, notation: Notation) -> str:
    """The finding in words, for who cannot see the chart."""
    found = fatigue_words.fall(reading)
    risk = fatigue_words.at_risk(reading, notation)
    span = f", {days(reading.series[0].day, reading.day)}" if reading.series else ""
    return f"CTR (link) and frequency by day{span}. {found}.{f' {risk}.' if risk else ''}"


def title(reading: FatigueReading) -> str:
    """The finding in a line."""
    parts = []
    ctr, often = reading.ctr, reading.frequency
    if ctr.now is not None and ctr.before is not None:
        parts.append(f"CTR (link) {ctr.before:.2%} to {ctr.now:.2%}")
    if often.now is not None and often.before is not None:
        parts.append(f"frequency {often.before:.2f} to {often.now:.2f}")
    told = ", ".join(parts) or "CTR (link) and frequency"
    return f"{told}, since {day(reading.since)}"


def _draw(rates: "Axes", reading: FatigueReading) -> None:
    days_shown = reading.series
    often = rates.twinx()
    if not days_shown:
        rates.text(0.5, 0.5, "No daily figures were read", ha="center", color=_INK, transform=rates.transAxes)
        return
    first = days_shown[0].day.toordinal()
    span = max(reading.day.toordinal(), days_shown[-1].day.toordinal()) - first + 1
    places = list(range(span))
    start = max(reading.since.toordinal() - first, 0) - 0.5
    rates.axvspan(start, reading.day.toordinal() - first + 0.5, color=_WINDOW, linewidth=0, zorder=0)
    _line(rates, places, _by_day(days_shown, first, span, rate), _CTR, "o")
    _line(often, places, _by_day(days_shown, first, span, lambda one: one.frequency), _FREQUENCY, "s")


def rate(one: ChartDay) -> float | None:
    """CTR (link) of one day in percent; None without impressions."""
    return one.clicks / one.impressions * 100 if one.impressions else None


def _by_day(series: Sequence[ChartDay], first: int, span: int, value: object) -> list[float]:
    found = [_MISSING] * span
    for one in series:
        read = value(one) if callable(value) else None
        found[one.day.toordinal() - first] = _MISSING if read is None else read
    return found


def _line(axes: "Axes", places: list[int], values: list[float], colour: str, mark: str) -> None:
    axes.plot(places, values, color=colour, marker=mark, markersize=5, linewidth=2)
