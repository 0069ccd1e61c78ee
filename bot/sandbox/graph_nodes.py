"""Objects as the Graph API shows them: one table of fields per kind.

A field that the SDK knows but no table here has is left out of the answer, as Meta leaves out what is empty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.graph_times import stamp
from bot.sandbox.world import World
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Thing

# Minor units per major unit for `min_daily_budget`, by currency.
MIN_BUDGET = {"INR": 8_900, "USD": 100}


@dataclass(frozen=True, slots=True)
class View:
    """The world as seen at one moment; `base` is where thumbnails are served."""

    world: World
    at: datetime
    base: str

    @property
    def moment(self) -> float:
        """The moment in epoch seconds."""
        return self.at.timestamp()

    def stamp(self, moment: float, thing: Thing) -> str:
        """A time in the zone of the object's account."""
        account = thing if isinstance(thing, Account) else thing.account
        return stamp(moment, account.zone)


Show = Callable[[View, Any], Any]


def common() -> dict[str, Show]:
    """What every object shows."""
    return {
        "id": lambda v, t: t.id,
        "name": lambda v, t: v.world.name(t),
        "account_id": lambda v, t: t.account.id,
        "created_time": lambda v, t: v.stamp(t.created_at.timestamp(), t),
    }


def _with_status() -> dict[str, Show]:
    return {
        **common(),
        "status": lambda v, t: v.world.log.configured(t, v.moment),
        "configured_status": lambda v, t: v.world.log.configured(t, v.moment),
        "effective_status": lambda v, t: v.world.log.effective(t, v.moment),
        "updated_time": lambda v, t: v.stamp(v.world.log.updated_at(t, v.moment), t),
        "start_time": lambda v, t: v.stamp(t.created_at.timestamp(), t),
        "daily_budget": lambda v, t: _budget(v, t),
        "lifetime_budget": lambda v, t: None,
        "budget_remaining": lambda v, t: _budget_left(v, t),
    }


def _budget(view: View, thing: Campaign | AdSet) -> str | None:
    return str(view.world.budget_minor(thing, view.at) or "") or None


def _budget_left(view: View, thing: Campaign | AdSet) -> str | None:
    if not thing.daily_budget_minor:
        return None
    today = view.world.today(thing.account, view.at)
    spent = sum(view.world.figures(ad, today, view.at).spend_minor for ad in view.world.ads_of(thing))
    return str(max(0, view.world.budget_minor(thing, view.at) - spent))


def _spent(view: View, account: Account) -> str:
    """An estimate that only grows; adding up every day of every ad would cost more than it is worth."""
    daily = sum(ad.profile.impressions * ad.profile.cpm_minor / 1000 for ad in view.world.ads_of(account))
    return str(int(daily * (view.at - account.created_at).total_seconds() / 86_400))


ACCOUNT: dict[str, Show] = {
    "id": lambda v, a: a.node_id,
    "account_id": lambda v, a: a.id,
    "name": lambda v, a: a.name,
    "currency": lambda v, a: a.currency,
    "timezone_name": lambda v, a: a.zone.key,
    "timezone_id": lambda v, a: {"Asia/Kolkata": 71, "America/New_York": 7}.get(a.zone.key, 1),
    "timezone_offset_hours_utc": lambda v, a: _offset(v, a),
    "account_status": lambda v, a: 1,
    "disable_reason": lambda v, a: 0,
    "created_time": lambda v, a: v.stamp(a.created_at.timestamp(), a),
    "age": lambda v, a: round((v.at - a.created_at).total_seconds() / 86_400, 6),
    "business": lambda v, a: {"id": a.business_id, "name": a.business_name},
    "business_name": lambda v, a: a.business_name,
    "owner": lambda v, a: a.business_id,
    # Minor units, as every budget and cap; insights uses major units.
    "amount_spent": _spent,
    "balance": lambda v, a: "0",
    "spend_cap": lambda v, a: "0",
    "min_daily_budget": lambda v, a: MIN_BUDGET.get(a.currency, 100),
    "user_tasks": lambda v, a: ["DRAFT", "ANALYZE", "ADVERTISE", "MANAGE"],
    "is_prepay_account": lambda v, a: False,
    "attribution_spec": lambda v, a: _attribution(7, 1),
    "failed_delivery_checks": lambda v, a: None,
}


def _offset(view: View, account: Account) -> float:
    offset = view.at.astimezone(account.zone).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


def _attribution(click_days: int, view_days: int) -> list[dict[str, Any]]:
    spec = [{"event_type": "CLICK_THROUGH", "window_days": click_days}]
    return spec + ([{"event_type": "VIEW_THROUGH", "window_days": view_days}] if view_days else [])


CAMPAIGN: dict[str, Show] = {
    **_with_status(),
    "objective": lambda v, c: c.objective,
    "buying_type": lambda v, c: "AUCTION",
    "bid_strategy": lambda v, c: "LOWEST_COST_WITHOUT_CAP" if c.daily_budget_minor else None,
    "special_ad_categories": lambda v, c: [],
    "is_adset_budget_sharing_enabled": lambda v, c: False,
}

ADSET: dict[str, Show] = {
    **_with_status(),
    "campaign_id": lambda v, s: s.campaign.id,
    "campaign": lambda v, s: s.campaign,
    "optimization_goal": lambda v, s: "OFFSITE_CONVERSIONS",
    "billing_event": lambda v, s: "IMPRESSIONS",
    "bid_strategy": lambda v, s: "LOWEST_COST_WITHOUT_CAP",
    "destination_type": lambda v, s: "WEBSITE",
    "attribution_spec": lambda v, s: _attribution(s.click_days, s.view_days),
    "promoted_object": lambda v, s: {"pixel_id": s.pixel_id, "custom_event_type": "PURCHASE"},
    "learning_stage_info": lambda v, s: _learning(v, s),
    "is_dynamic_creative": lambda v, s: False,
}


def _learning(view: View, adset: AdSet) -> dict[str, Any]:
    edited = _significant_edit(view, adset)
    days = int((view.moment - edited) // 86_400)
    return {
        "status": "LEARNING" if days < 7 else "SUCCESS",
        "conversions": min(50, days * 12),
        "last_sig_edit_ts": int(edited),
        "attribution_windows": [f"{adset.click_days}d_click"],
    }


def _significant_edit(view: View, adset: AdSet) -> float:
    """Adding an ad and changing what one shows both set learning back (Business Help, Significant edits)."""
    moments = [adset.created_at.timestamp()]
    for ad in view.world.ads_of(adset):
        change = view.world.log.latest(ad.id, "creative", view.moment)
        moments += [ad.created_at.timestamp(), *([change.at] if change else [])]
    return max(moments)


AD: dict[str, Show] = {
    **{name: show for name, show in _with_status().items() if "budget" not in name and name != "start_time"},
    "campaign_id": lambda v, a: a.campaign.id,
    "adset_id": lambda v, a: a.adset.id,
    "campaign": lambda v, a: a.campaign,
    "adset": lambda v, a: a.adset,
    "creative": lambda v, a: v.world.creative(a, v.at),
    "ad_review_feedback": lambda v, a: _review(v, a),
    "issues_info": lambda v, a: _issues(v, a),
    "adlabels": lambda v, a: labels(v, a),
    "conversion_domain": lambda v, a: v.world.extras.get(a.id, {}).get("conversion_domain") or _domain(a),
    "preview_shareable_link": lambda v, a: f"https://fb.me/{a.id[-10:]}",
    "tracking_specs": lambda v, a: v.world.extras.get(a.id, {}).get("tracking_specs") or _tracked(a),
}


def _domain(ad: Ad) -> str:
    return ".".join(ad.creative.link.split("/")[2].split(".")[-2:])


def _tracked(ad: Ad) -> list[dict[str, Any]]:
    return [{"action.type": ["offsite_conversion"], "fb_pixel": [ad.adset.pixel_id]}]


def _verdict(view: View, ad: Ad, status: str) -> tuple[tuple[str, str], ...]:
    change = view.world.log.latest(ad.id, "review", view.moment)
    return change.detail if change and change.value == status else ()


def _review(view: View, ad: Ad) -> dict[str, Any] | None:
    """AdgroupReviewFeedback: policy to text, only when there is feedback."""
    reasons = dict(_verdict(view, ad, "DISAPPROVED"))
    if not reasons:
        return None
    return {"global": reasons, "placement_specific": {"facebook": reasons, "instagram": reasons}}


def _issues(view: View, ad: Ad) -> list[dict[str, Any]] | None:
    """AdgroupIssuesInfo entries."""
    reasons = _verdict(view, ad, "WITH_ISSUES")
    found = [
        {
            "level": "AD",
            "error_code": 1815869,
            "error_summary": summary,
            "error_message": message,
            "error_type": "HARD_ERROR",
        }
        for summary, message in reasons
    ]
    return found or None


def labels(view: View, thing: Thing) -> list[dict[str, Any]] | None:
    """The labels an object carries, None without any."""
    return [{"id": label.id, "name": label.name} for label in view.world.labels_on(thing, view.at)] or None
