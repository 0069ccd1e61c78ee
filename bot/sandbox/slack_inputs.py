"""What people type and choose: turning plain values into the shapes Slack's payloads use."""

from collections.abc import Iterator

from bot.sandbox.slack_message import find_element, interactive
from bot.sandbox.slack_spec import Json

# element type -> (key in state and actions, key of its initial value, value when nothing is chosen)
_KEYS: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "overflow": ("selected_option", "", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}
STATELESS = {"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"}


def value_key(kind: str) -> str:
    """Where an element of this type keeps its value."""
    return _KEYS[kind][0]


def is_empty(entry: Json) -> bool:
    """Nothing was typed or chosen."""
    return entry.get(value_key(entry["type"])) in (None, "", [])


def state_values(blocks: list[Json], typed: Json) -> Json:
    """`state.values`: every input, what was typed before its initial value, null before nothing."""
    values: Json = {}
    for block, element in interactive(blocks):
        kind = element["type"]
        if kind in STATELESS or kind not in _KEYS:
            continue
        key, initial, nothing = _KEYS[kind]
        entry = typed.get(block["block_id"], {}).get(element["action_id"])
        fresh = {"type": kind, key: element.get(initial, nothing)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = (
            {"type": kind, **entry} if entry else fresh
        )
    return values


def entered(element: Json, value: object) -> Json:
    """The state entry for a plain value; an option is named by its value or its text."""
    kind = element["type"]
    if isinstance(value, dict) and value.get("type") == kind:
        return value
    key = _KEYS[kind][0]
    if key == "selected_option":
        value = pick_option(element, value)
    elif key == "selected_options" and isinstance(value, list | tuple):
        value = [pick_option(element, item) for item in value]
    return {"type": kind, key: value}


def pick_option(element: Json, wanted: object) -> Json:
    """The offered option with this value or text; external options are taken as given."""
    if isinstance(wanted, dict):
        return wanted
    for option in offered(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    raise LookupError(f"no option {wanted!r} in {element['action_id']}")


def offered(element: Json) -> Iterator[Json]:
    """Every option of an element, grouped or not."""
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]


def required_missing(blocks: list[Json], values: Json) -> list[str]:
    """Block ids of required inputs left empty; the real client does not submit those."""
    missing = []
    for block in blocks:
        if block["type"] == "input" and not block.get("optional"):
            entry = values[block["block_id"]][block["element"]["action_id"]]
            if is_empty(entry):
                missing.append(block["block_id"])
    return missing


def action_for(block: Json, element: Json, entry: Json | None, action_ts: str) -> Json:
    """The one entry of `actions`: what was operated and its new value."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    for key in ("text", "value", "style", "url", "placeholder"):
        if element["type"] == "button" or key == "placeholder":
            action.update({key: element[key]} if key in element else {})
    if entry:
        action.update({k: v for k, v in entry.items() if k != "type"})
    return {**action, "action_ts": action_ts}


def fill(view: Json, values: Json) -> Json:
    """Plain values by block_id or action_id as state entries; an unknown name is an error."""
    filled: Json = {}
    for name, value in values.items():
        block, element = _field(view, name)
        if isinstance(value, dict) and set(value) == {element["action_id"]}:
            value = value[element["action_id"]]
        entry = entered(element, value)
        filled.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return filled


def _field(view: Json, name: str) -> tuple[Json, Json]:
    for block in view["blocks"]:
        if block["block_id"] == name and "element" in block:
            return block, block["element"]
    return find_element(view["blocks"], name)


def merge(typed: Json, more: Json) -> None:
    """Add entries to what was typed before."""
    for block_id, entries in more.items():
        typed.setdefault(block_id, {}).update(entries)
