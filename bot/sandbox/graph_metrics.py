"""Insights fields as Meta writes them: every metric a string, money in major units, zeros left out.

Shapes: Marketing API, Insights, and the SDK's AdsInsights and AdsActionStats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.sandbox.world_objects import NOTHING, Figures

# Attribution settings of ad sets: days after a click, days after a view.
Setting = tuple[int, int]
Counts = Mapping[str, float]
_CLICK_KEYS = ("1d_click", "7d_click", "28d_click")
_QUALITY_MINIMUM = 500


@dataclass(frozen=True)
class Row:
    """What one row of insights is computed from; figures are kept apart by attribution setting."""

    parts: tuple[tuple[Setting, Figures], ...]
    reach: int
    windows: tuple[str, ...] = ()
    hundredths: bool = True

    @cached_property
    def total(self) -> Figures:
        """All figures together."""
        whole = NOTHING
        for _, figures in self.parts:
            whole = whole.plus(figures)
        return whole

    @cached_property
    def spend(self) -> float:
        """Spend in major units."""
        return self.major(self.total.spend_minor)

    def major(self, minor: float) -> float:
        """Money as insights shows it; currencies without a smaller unit have no hundredths."""
        return minor / 100 if self.hundredths else minor

    @cached_property
    def purchases(self) -> dict[str, float]:
        """Purchases by attribution window; `value` follows each ad set's own setting."""
        return self._by_window("buy", 1.0)

    @cached_property
    def purchase_value(self) -> dict[str, float]:
        """What the purchases were worth, by window, in major units."""
        return self._by_window("value", 0.01 if self.hundredths else 1.0)

    def _by_window(self, prefix: str, unit: float) -> dict[str, float]:
        counts = dict.fromkeys(("value", *_CLICK_KEYS, "1d_view", "1d_ev"), 0.0)
        for (click_days, view_days), figures in self.parts:
            one, seven, month, view, engaged = (
                getattr(figures, f"{prefix}_{kind}") * unit
                for kind in ("click_1d", "click_7d", "click_28d", "view_1d", "engaged_1d")
            )
            counts["1d_click"] += one
            counts["7d_click"] += one + seven
            counts["28d_click"] += one + seven + month
            counts["1d_view"] += view
            counts["1d_ev"] += engaged
            counts["value"] += one + (seven if click_days >= 7 else 0) + (view if view_days else 0)
        return counts

    def pixel(self, total: float) -> dict[str, float]:
        """A pixel event that is mostly attributed within a day of the click."""
        early = float(int(total * 0.9))
        return {"value": total, "1d_click": early, "7d_click": total, "28d_click": total}


def on_meta(total: float) -> dict[str, float]:
    """An action on Meta itself: dated by the impression, so every click window holds all of it."""
    return {"value": total, **dict.fromkeys(_CLICK_KEYS, total)}


def text(number: float) -> str:
    """A number as insights writes it: up to six decimals, no trailing zeros."""
    shown = f"{number:.6f}".rstrip("0").rstrip(".")
    return shown if shown != "-0" else "0"


def money(number: float) -> str:
    """An amount with at most two decimals."""
    return text(round(number, 2))


def _ratio(over: float, under: float, times: float = 1.0) -> str | None:
    return text(over / under * times) if under and over else None


def _count(number: float) -> str | None:
    return text(number) if number else None


def _items(row: Row, types: Mapping[str, Counts], write: Callable[[float], str] = text) -> list[Any] | None:
    found = [
        {"action_type": name, "value": write(counts["value"]), **_windows(row, counts, write)}
        for name, counts in types.items()
        if any(counts.values())
    ]
    return found or None


def _windows(row: Row, counts: Counts, write: Callable[[float], str]) -> dict[str, str]:
    # 7d_view and 28d_view are still accepted and have returned nothing since January 2026.
    return {window: write(counts[window]) for window in row.windows if counts.get(window)}


def engagements(figures: Figures) -> int:
    """Everything people did with a post, plays of three seconds included."""
    told = figures.reactions + figures.comments + figures.shares
    return figures.link_clicks + told + figures.video_3s


def action_counts(row: Row) -> dict[str, Counts]:
    """Every action type of a row; purchases appear under four names that mean the same sales."""
    figures = row.total
    engaged = engagements(figures)
    carts, checkouts = row.pixel(figures.carts), row.pixel(figures.checkouts)
    return {
        "page_engagement": on_meta(engaged),
        "post_engagement": on_meta(engaged),
        "post_reaction": on_meta(figures.reactions),
        "comment": on_meta(figures.comments),
        "post": on_meta(figures.shares),
        "video_view": on_meta(figures.video_3s),
        "link_click": on_meta(figures.link_clicks),
        "landing_page_view": on_meta(figures.landing_views),
        "add_to_cart": carts,
        "omni_add_to_cart": carts,
        "offsite_conversion.fb_pixel_add_to_cart": carts,
        "initiate_checkout": checkouts,
        "offsite_conversion.fb_pixel_initiate_checkout": checkouts,
        **dict.fromkeys(PURCHASE_TYPES, row.purchases),
    }


PURCHASE_TYPES = (
    "purchase",
    "omni_purchase",
    "onsite_web_purchase",
    "offsite_conversion.fb_pixel_purchase",
)


def _values(row: Row) -> list[Any] | None:
    price = row.purchase_value["value"] / row.purchases["value"] if row.purchases["value"] else 0.0
    carts, checkouts = row.pixel(row.total.carts * price), row.pixel(row.total.checkouts * price)
    types: dict[str, Counts] = {
        "add_to_cart": carts,
        "omni_add_to_cart": carts,
        "offsite_conversion.fb_pixel_add_to_cart": carts,
        "initiate_checkout": checkouts,
        "offsite_conversion.fb_pixel_initiate_checkout": checkouts,
        **dict.fromkeys(PURCHASE_TYPES, row.purchase_value),
    }
    return _items(row, types, money)


def _costs(row: Row) -> list[Any] | None:
    counts = {name: _inverse(row, value) for name, value in action_counts(row).items()}
    return _items(row, counts)


def _inverse(row: Row, counts: Counts) -> Counts:
    return {window: row.spend / count if count else 0.0 for window, count in counts.items()}


def _roas(row: Row, action_type: str) -> list[Any] | None:
    value = {
        window: amount / row.spend if row.spend else 0.0 for window, amount in row.purchase_value.items()
    }
    return _items(row, {action_type: value})


def _one(row: Row, action_type: str, number: float) -> list[Any] | None:
    return _items(row, {action_type: on_meta(number)}) if number else None


# Each ranking looks at a rate of its own: where it is average and where above it.
_RANKED: Mapping[str, tuple[Callable[[Figures], float], float, float]] = {
    "quality": (lambda one: one.landing_views / max(1, one.impressions), 0.0075, 0.0135),
    "engagement": (lambda one: engagements(one) / max(1, one.impressions), 0.011, 0.25),
    "conversion": (lambda one: one.checkouts / max(1, one.impressions), 0.0008, 0.0015),
}


def _ranking(name: str) -> Callable[[Row], str]:
    """Insights, the three rankings: against ads that compete for the same people; unknown below 500."""
    rate_of, low, high = _RANKED[name]

    def rank(row: Row) -> str:
        if row.total.impressions < _QUALITY_MINIMUM:
            return "UNKNOWN"
        rate = rate_of(row.total)
        if rate < low:
            return f"BELOW_AVERAGE_{35 if rate > 0.75 * low else 20 if rate > 0.5 * low else 10}"
        return "ABOVE_AVERAGE" if rate > high else "AVERAGE"

    return rank


def _setting(row: Row) -> str | None:
    """Only where all ad sets agree; what Meta derives for a mixture is not documented."""
    settings = {setting for setting, _ in row.parts}
    if len(settings) != 1:
        return None
    click, view = settings.pop()
    return f"{click}d_click" + (f"_{view}d_view" if view else "")


METRICS: dict[str, Callable[[Row], Any]] = {
    "impressions": lambda row: _count(row.total.impressions),
    "reach": lambda row: _count(row.reach),
    "frequency": lambda row: _ratio(row.total.impressions, row.reach),
    "spend": lambda row: money(row.spend) if row.spend else None,
    "social_spend": lambda row: money(row.spend * 0.02) if row.spend else None,
    "clicks": lambda row: _count(row.total.clicks),
    "unique_clicks": lambda row: _count(int(row.total.clicks * 0.96)),
    "inline_link_clicks": lambda row: _count(row.total.link_clicks),
    "inline_link_click_ctr": lambda row: _ratio(row.total.link_clicks, row.total.impressions, 100),
    "ctr": lambda row: _ratio(row.total.clicks, row.total.impressions, 100),
    "unique_ctr": lambda row: _ratio(int(row.total.clicks * 0.96), row.reach, 100),
    "cpc": lambda row: _ratio(row.spend, row.total.clicks),
    "cpm": lambda row: _ratio(row.spend, row.total.impressions, 1000),
    "cpp": lambda row: _ratio(row.spend, row.reach, 1000),
    "inline_post_engagement": lambda row: _count(engagements(row.total)),
    "cost_per_inline_post_engagement": lambda row: _ratio(row.spend, engagements(row.total)),
    "cost_per_inline_link_click": lambda row: _ratio(row.spend, row.total.link_clicks),
    "actions": lambda row: _items(row, action_counts(row)),
    "action_values": _values,
    "cost_per_action_type": _costs,
    "conversions": lambda row: None,
    "outbound_clicks": lambda row: _one(row, "outbound_click", row.total.link_clicks),
    "outbound_clicks_ctr": lambda row: _one(
        row, "outbound_click", row.total.link_clicks / max(1, row.total.impressions) * 100
    ),
    "purchase_roas": lambda row: _roas(row, "omni_purchase"),
    "website_purchase_roas": lambda row: _roas(row, "offsite_conversion.fb_pixel_purchase"),
    "video_play_actions": lambda row: _one(row, "video_view", row.total.video_starts),
    "video_thruplay_watched_actions": lambda row: _one(row, "video_view", row.total.thruplays),
    "video_30_sec_watched_actions": lambda row: _one(row, "video_view", int(row.total.thruplays * 0.5)),
    "video_p25_watched_actions": lambda row: _one(row, "video_view", int(row.total.video_3s * 0.62)),
    "video_p50_watched_actions": lambda row: _one(row, "video_view", int(row.total.video_3s * 0.36)),
    "video_p75_watched_actions": lambda row: _one(row, "video_view", int(row.total.video_3s * 0.24)),
    "video_p95_watched_actions": lambda row: _one(row, "video_view", int(row.total.video_3s * 0.17)),
    "video_p100_watched_actions": lambda row: _one(row, "video_view", int(row.total.video_3s * 0.14)),
    "video_avg_time_watched_actions": lambda row: _one(row, "video_view", 5 if row.total.video_3s else 0),
    "cost_per_thruplay": lambda row: _one(row, "video_view", row.spend / max(1, row.total.thruplays)),
    "quality_ranking": _ranking("quality"),
    "engagement_rate_ranking": _ranking("engagement"),
    "conversion_rate_ranking": _ranking("conversion"),
    "attribution_setting": _setting,
}
# Only ads are ranked; Insights, quality_ranking and its companions.
AD_ONLY = frozenset({"quality_ranking", "engagement_rate_ranking", "conversion_rate_ranking"})


def measured(row: Row, fields: tuple[str, ...], action_types: frozenset[str]) -> dict[str, Any]:
    """The metrics among these fields; those that are zero or not modelled are left out, as Meta does."""
    values = ((name, METRICS[name](row)) for name in fields if name in METRICS)
    found = {name: _only(value, action_types) for name, value in values}
    return {name: value for name, value in found.items() if value is not None}


def _only(value: Any, action_types: frozenset[str]) -> Any:
    """Lists of actions cut down to the types that `filtering` named."""
    if not action_types or not isinstance(value, list):
        return value
    return [item for item in value if item["action_type"] in action_types] or None
