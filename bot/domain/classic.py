"""Rule `classic`: CTR down and frequency up, both as straight lines fitted to a week."""

from bot.domain.fatigue import ClassicSettings, ClassicVerdict
from bot.domain.fatigue_panel import Panel


def assess(panel: Panel, last_day: int, settings: ClassicSettings) -> list[ClassicVerdict]:
    """The verdict of every ad on one day, in the panel's order."""
    raise ValueError("under construction")
