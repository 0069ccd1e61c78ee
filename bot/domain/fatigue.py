"""What the two fatigue rules are asked with and what they answer; no numerics here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

FrequencyBasis = Literal["daily", "trailing7"]


class Status(StrEnum):
    """How an ad stands, from nothing known to tired."""

    INSUFFICIENT_DATA = "insufficient_data"
    HEALTHY = "healthy"
    WATCH = "watch"
    FATIGUED = "fatigued"

    @property
    def raised(self) -> bool:
        """Whether a person is to hear of it."""
        return self in {Status.WATCH, Status.FATIGUED}


@dataclass(frozen=True, slots=True)
class ClassicSettings:
    """The rule that a person can name: CTR down and frequency up, both as fitted trends over a week.

    Shares are fractions (0.20 is 20 %). `frequency_basis`: `daily` is impressions per person within one
    day, `trailing7` within the seven days that end with it.
    """

    ctr_fall: float = 0.20
    frequency_rise: float = 0.15
    days: int = 7
    min_impressions: int = 1_000
    min_clicks: int = 30
    min_days: int = 5
    frequency_basis: FrequencyBasis = "daily"
    engagement_fall: float = 0.10  # supporting evidence only, as the next one
    cpc_rise: float = 0.10


@dataclass(frozen=True, slots=True)
class Change:
    """The two ends of a fitted trend and what lies between them: `end / start - 1`."""

    start: float
    end: float
    change: float


@dataclass(frozen=True, slots=True)
class Support:
    """What else moved, each as a fitted trend over the window; None where it was not measured.

    Never enough for an alert, whatever it shows. `hook` is three-second plays per impression, `cpc` is in the
    account's minor units per click.
    """

    engagement: Change | None = None
    hook: Change | None = None
    cpc: Change | None = None


@dataclass(frozen=True, slots=True)
class ClassicVerdict:
    """What the classic rule finds for one ad on one day.

    `days`, `impressions` and `clicks` are the volume behind it; `reason` says why data is insufficient,
    else it is empty.
    """

    status: Status
    ctr: Change | None
    frequency: Change | None
    support: Support
    days: int
    impressions: int
    clicks: int
    reason: str = ""

    @property
    def engagement(self) -> Change | None:
        """The engagement rate's trend."""
        return self.support.engagement

    @property
    def cpc(self) -> Change | None:
        """The trend of the cost of a click."""
        return self.support.cpc


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """Gates of the evidence rule: how sure, how much, how often seen, how many clicks.

    Shares are fractions. `loss` is asked of the mean over the judged days among the last `steady_days`, of
    which there must be `steady_least`; `watch_loss` of the day alone. `calm_days` scored days in a row
    below the ending levels end an alert.
    """

    window: int = 42
    min_days: int = 5
    probability: float = 0.50
    loss: float = 0.18
    watch_loss: float = 0.15
    steady_days: int = 3
    steady_least: int = 2
    frequency_rise: float = 0.15
    min_clicks: int = 8
    weight: float = 0.70
    end_probability: float = 0.30
    end_loss: float = 0.12
    end_watch_loss: float = 0.09
    calm_days: int = 2


@dataclass(frozen=True, slots=True)
class EvidenceVerdict:
    """What the evidence rule finds for one ad on one day, before the memory of earlier days.

    `p` is the probability that at least 15 % of the CTR is lost to repetition, `loss` the estimate with its
    80 % interval, `weight` the probability that repetition costs this ad clicks at all. `control` is what
    moved the account's other ads that day, as a difference of log CTR, and was taken out. `days` delivering
    days of the present creative were used. `reason` says why data is insufficient, else it is empty.
    """

    status: Status
    p: float = 0.0
    loss: float = 0.0
    loss_low: float = 0.0
    loss_high: float = 0.0
    weight: float = 0.0
    frequency_now: float = 0.0
    frequency_before: float = 0.0
    clicks_7d: int = 0
    control: float = 0.0
    days: int = 0
    reason: str = ""
    support: Support = Support()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an ad stands after all days so far: the status that is told, and how long it has been calm.

    `calm` counts scored days in a row on which the raised status would have been allowed to end.
    """

    status: Status = Status.INSUFFICIENT_DATA
    calm: int = 0
