"""What looks like a tired creative and is not: each is ruled out or named, never left open in silence."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.findings import Remark


class LookalikeKind(StrEnum):
    """Other reasons why an ad's figures fall; in the order in which they are told."""

    ACCOUNT_MOVED = "account_moved"  # CTR of all the account's ads
    SATURATION = "saturation"  # all ads of the ad set fall together
    TRACKING = "tracking"  # purchases per click collapsed while clicks are normal
    CONVERSION_LAG = "conversion_lag"  # purchases of the last days are not all reported yet
    CPM_MOVED = "cpm_moved"  # the auction became dearer or cheaper for the whole account
    EDITED = "edited"  # a creative, a setting or a budget changed in the window
    LEARNING = "learning"  # the ad is new, or its ad set still learns
    TOO_LITTLE_DATA = "too_little_data"


class LookalikeState(StrEnum):
    """What was found when it was looked for."""

    RULED_OUT = "ruled_out"
    PRESENT = "present"
    UNKNOWN = "unknown"  # what it would take to tell was not read


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One other explanation and what is known of it, as a sentence with its numbers."""

    kind: LookalikeKind
    state: LookalikeState
    remark: Remark
