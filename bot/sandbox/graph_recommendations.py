"""Meta's own word on tiring creatives: the recommendations edge.

Shape: SDK AdAccountRecommendations and the reference of its edge; names from the SDK's enum.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from bot.sandbox.graph_nodes import View
from bot.sandbox.world_objects import Account, Ad
from bot.sandbox.world_status import ON

FATIGUE, LIMITED = "CREATIVE_FATIGUE", "CREATIVE_LIMITED"
# Ads Manager: a cost per result of twice the past is fatigue, more than the past is limited.
_WORN_OUT, _WEARING = 0.5, 0.8


def recommendations(view: View, account: Account, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One entry with every recommendation, or none."""
    names = params.get("recommendation_names")
    found = [
        _entry(view, ad, name)
        for ad in view.world.ads_of(account)
        if (name := _name(view, ad)) and (names is None or name in names)
    ]
    return [{"recommendations": found}] if found else []


def _name(view: View, ad: Ad) -> str:
    if view.world.log.effective(ad, view.moment) != ON:
        return ""
    left = view.world.worn(ad, view.at)
    return FATIGUE if left <= _WORN_OUT else LIMITED if left <= _WEARING else ""


def _entry(view: View, ad: Ad, name: str) -> dict[str, Any]:
    lost = round(100 * (1 - view.world.worn(ad, view.at)))
    account = ad.account.id
    return {
        "recommendation_signature": blake2b(f"{name} {ad.id}".encode(), digest_size=10).hexdigest(),
        "type": name,
        "level": "AD",
        "object_ids": [ad.id],
        "opportunity_score_lift": str(min(20, lost // 5)),
        "url": f"https://adsmanager.facebook.com/adsmanager/manage/ads?act={account}&selected_ad_ids={ad.id}",
        "recommendation_content": {
            "lift_estimate": f"{lost}%",
            "body": "People have seen this ad often. Another creative may lower the cost per result.",
        },
    }
