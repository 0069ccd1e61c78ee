"""Links into Ads Manager. Not a documented contract, so they are built nowhere else."""

from urllib.parse import urlencode

from bot.domain.ids import AccountId, Level, account_digits
from bot.domain.structure import EntityRef

_BASE = "https://adsmanager.facebook.com/adsmanager/manage"
_PLACES = {
    Level.AD: ("ads", "selected_ad_ids"),
    Level.ADSET: ("adsets", "selected_adset_ids"),
    Level.CAMPAIGN: ("campaigns", "selected_campaign_ids"),
}


def ads_manager(account_id: AccountId, entity: EntityRef | None = None) -> str:
    """Where Ads Manager shows this object; the account's campaigns where there is none."""
    query = {"act": account_digits(account_id)}
    if entity is None or entity.level is Level.ACCOUNT:
        return f"{_BASE}/campaigns?{urlencode(query)}"
    place, key = _PLACES[entity.level]
    return f"{_BASE}/{place}?{urlencode({**query, key: entity.id})}"
