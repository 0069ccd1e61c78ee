"""Panels written by hand: one ad after another, as lists of days."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from bot.domain.fatigue_panel import Panel

FIRST_DAY = date(2026, 3, 2)


def ad(
    ctr: Sequence[float],
    frequency_7d: Sequence[float],
    *,
    impressions: Sequence[float] | float = 10_000.0,
    frequency: Sequence[float] | float = 1.1,
    engagement: float = 0.0,
    creative: Sequence[int] | int = 0,
    age_days: int = 100,
) -> dict[str, np.ndarray]:
    """One ad's rows; a day with 0 impressions is one without delivery. Clicks may be fractions here."""
    days = len(ctr)
    shown = np.broadcast_to(np.asarray(impressions, dtype=float), (days,)).copy()
    week = shown * 7.0
    return {
        "impressions": shown,
        "reach": shown / np.asarray(frequency, dtype=float),
        "impressions_7d": week,
        "reach_7d": week / np.asarray(frequency_7d, dtype=float),
        "clicks": np.asarray(ctr, dtype=float) * shown,
        "engagement": shown * engagement,
        "spend": shown * 20.0,
        "creative": np.broadcast_to(np.asarray(creative, dtype=np.int64), (days,)).copy(),
        "age_days": age_days + np.arange(days),
    }


def panel(*ads: dict[str, np.ndarray]) -> Panel:
    """One account of these ads."""
    tables = {name: np.stack([one[name] for one in ads]) for name in ads[0]}
    return Panel(
        ad_ids=tuple(f"ad{number}" for number in range(len(ads))),
        first_day=FIRST_DAY,
        delivered=tables["impressions"] > 0,
        **tables,
    )
