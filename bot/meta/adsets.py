"""Where an ad set's ads are shown, and which special category its campaign declares."""

from dataclasses import dataclass

from bot.domain.ids import ObjectId
from bot.domain.placements import COMMON, from_targeting
from bot.meta.answers import as_object, object_in
from bot.meta.client import GraphClient

# Ad Set, targeting; Campaign, special_ad_categories (NONE where there is none).
FIELDS = "targeting,campaign{special_ad_categories}"
_POSITIONS = ("facebook_positions", "instagram_positions")


@dataclass(frozen=True, slots=True)
class Targeted:
    """Placement keys of bot.domain.placements, and special ad categories."""

    placements: tuple[str, ...]
    categories: tuple[str, ...]


def targeted(client: GraphClient, adset_id: ObjectId) -> Targeted:
    """Ask once; without any targeting the placements are automatic."""
    found = as_object(client.get(adset_id, {"fields": FIELDS}))
    targeting = object_in(found, "targeting")
    positions = {name: _words(targeting.get(name)) for name in _POSITIONS}
    placements = from_targeting(_words(targeting.get("publisher_platforms")), positions)
    declared = _words(object_in(found, "campaign").get("special_ad_categories"))
    return Targeted(placements or COMMON, tuple(one for one in declared if one != "NONE"))


def _words(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
