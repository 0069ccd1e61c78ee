"""Link clicks against what impressions or spend should have brought."""

from dataclasses import dataclass

from bot.domain.volume import shortfall_chance

# Day-to-day spread of an ad's true CTR or a campaign's true CPC, somewhat above what was measured on
# real accounts (0.12), because neighbouring days resemble each other.
_SPREAD = 0.15
# The level lies outside the one-sided 95 % bound of the clicks that were counted.
_BOUND = 0.05


@dataclass(frozen=True, slots=True)
class ClickCount:
    """Clicks that came, that were due at the level, and that were due if nothing was wrong."""

    clicks: int
    at_level: float
    normal: float

    def too_few(self, chance: float) -> bool:
        """Whether the shortfall is neither counting error nor ordinary day-to-day movement."""
        return (
            shortfall_chance(self.clicks, self.at_level) <= _BOUND
            and shortfall_chance(self.clicks, self.normal, _SPREAD) <= chance
        )
