"""Ad labels: by them everything that one replacement made is found again."""

from bot.domain.ids import AccountId
from bot.meta.answers import made_id, rows, text_of
from bot.meta.client import GraphClient


def find_label(client: GraphClient, account_id: AccountId, name: str) -> str | None:
    """The id of the label with exactly this name."""
    for row in rows(client, f"{account_id}/adlabels", {"fields": "id,name"}):
        if row.get("name") == name:
            return text_of(row.get("id"))
    return None


def create_label(client: GraphClient, account_id: AccountId, name: str) -> str:
    """Make a label; OutcomeUnknown means: look for it first."""
    return made_id(client.post(f"{account_id}/adlabels", {"name": name}))


def ensure_label(client: GraphClient, account_id: AccountId, name: str) -> str:
    """The label's id, made when there is none."""
    return find_label(client, account_id, name) or create_label(client, account_id, name)
