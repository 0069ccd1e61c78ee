"""Interactive elements and where each may stand (Slack, "Block Kit reference: elements")."""

from bot.sandbox.slack_block_core import (
    At,
    Check,
    array,
    boolean,
    by_type,
    choice,
    exactly,
    exactly_one,
    integer,
    shape,
    string,
)
from bot.sandbox.slack_block_text import (
    action_id,
    alt_text,
    confirm,
    image_element,
    initial_is_offered,
    link,
    option,
    option_groups,
    options,
    plain_text,
)
from bot.sandbox.slack_spec import Json

_DATE = string(10, 10, pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(5, 5, pattern=r"\d{2}:\d{2}")
_IDS = array(string(50))


def _focus(value: object, at: At) -> None:
    boolean(value, at)
    at.report.focused += value is True
    if at.report.focused > 1:
        at.fault("duplicate", "focus_on_load may be set on only one element")


_dispatch = shape(
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 1, 2)},
)


def _element(kind: str, optional: dict[str, Check], required: dict[str, Check] | None = None) -> Check:
    base: dict[str, Check] = {"type": exactly(kind), **(required or {})}
    return shape(base, {"action_id": action_id, **optional})


def _input(
    kind: str, optional: dict[str, Check] | None = None, required: dict[str, Check] | None = None
) -> Check:
    extra: dict[str, Check] = {"placeholder": plain_text(150), "focus_on_load": _focus, **(optional or {})}
    return _element(kind, extra, required)


def _select(kind: str, optional: dict[str, Check]) -> Check:
    return _input(kind, {"confirm": confirm, **optional})


def _multi(kind: str, optional: dict[str, Check]) -> Check:
    return _select(kind, {"max_selected_items": integer(1, 10**6), **optional})


def _static(kind: str, initial: dict[str, Check]) -> Check:
    extra: dict[str, Check] = {
        "placeholder": plain_text(150),
        "focus_on_load": _focus,
        "confirm": confirm,
        "action_id": action_id,
        "options": options(100),
        "option_groups": option_groups,
        **initial,
    }
    one_source = exactly_one("options", "option_groups")
    return shape({"type": exactly(kind)}, extra, one_source, initial_is_offered)


def _chooser(kind: str, initial: dict[str, Check]) -> Check:
    """Checkboxes and radio buttons: 1 to 10 options; their text may be mrkdwn."""
    extra: dict[str, Check] = {
        "action_id": action_id,
        "confirm": confirm,
        "focus_on_load": _focus,
        **initial,
    }
    return shape({"type": exactly(kind), "options": options(10, rich=True)}, extra, initial_is_offered)


def _text_input(kind: str, optional: dict[str, Check] | None = None) -> Check:
    extra: dict[str, Check] = {"initial_value": string(3000, 0), "dispatch_action_config": _dispatch}
    return _input(kind, {**extra, **(optional or {})})


def _lengths_in_order(value: Json, at: At) -> None:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        at.fault("out_of_range", "min_length must not exceed max_length")
    start = value.get("initial_value")
    if isinstance(start, str) and isinstance(high, int) and len(start) > high:
        at.down("initial_value").fault("too_long", f"must be less than {high + 1} characters", high)


_BUTTON = {
    "value": string(2000),
    "url": link,
    "style": choice("primary", "danger"),
    "confirm": confirm,
    "accessibility_label": string(75),
    "agent_prompt": string(4000),
    "agent_prompt_display": string(4000),
    "visible_to_user_ids": _IDS,
}
_feedback = shape(
    {"text": plain_text(75), "value": string(2000)},
    {"accessibility_label": string(75)},
)
_filter = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_plain_input_lengths: dict[str, Check] = {
    "multiline": boolean,
    "min_length": integer(0, 3000),
    "max_length": integer(1, 3000),
}


def _plain_text_input(value: object, at: At) -> None:
    _text_input("plain_text_input", _plain_input_lengths)(value, at)
    if isinstance(value, dict):
        _lengths_in_order(value, at)


_workflow = shape({"trigger": shape({"url": link}, {"customizable_input_parameters": array(shape({}))})})
_conversations: dict[str, Check] = {"filter": _filter, "default_to_current_conversation": boolean}

ELEMENTS: dict[str, Check] = {
    "button": _element("button", _BUTTON, {"text": plain_text(75)}),
    "overflow": _element("overflow", {"confirm": confirm}, {"options": options(5, url=True)}),
    "static_select": _static("static_select", {"initial_option": option()}),
    "multi_static_select": _static(
        "multi_static_select",
        {"initial_options": array(option(), 1), "max_selected_items": integer(1, 10**6)},
    ),
    "external_select": _select(
        "external_select", {"initial_option": option(), "min_query_length": integer(0, 3000)}
    ),
    "multi_external_select": _multi(
        "multi_external_select", {"initial_options": array(option(), 1), "min_query_length": integer(0, 3000)}
    ),
    "users_select": _select("users_select", {"initial_user": string(50)}),
    "multi_users_select": _multi("multi_users_select", {"initial_users": _IDS}),
    "conversations_select": _select(
        "conversations_select",
        {"initial_conversation": string(50), "response_url_enabled": boolean, **_conversations},
    ),
    "multi_conversations_select": _multi(
        "multi_conversations_select", {"initial_conversations": _IDS, **_conversations}
    ),
    "channels_select": _select(
        "channels_select", {"initial_channel": string(50), "response_url_enabled": boolean}
    ),
    "multi_channels_select": _multi("multi_channels_select", {"initial_channels": _IDS}),
    "datepicker": _select("datepicker", {"initial_date": _DATE}),
    "timepicker": _select("timepicker", {"initial_time": _TIME, "timezone": string(100)}),
    "datetimepicker": _element(
        "datetimepicker",
        {"initial_date_time": integer(10**9, 10**10 - 1), "confirm": confirm, "focus_on_load": _focus},
    ),
    "checkboxes": _chooser("checkboxes", {"initial_options": array(option(rich=True), 1)}),
    "radio_buttons": _chooser("radio_buttons", {"initial_option": option(rich=True)}),
    "plain_text_input": _plain_text_input,
    "email_text_input": _text_input("email_text_input"),
    "url_text_input": _text_input("url_text_input"),
    "number_input": _input(
        "number_input",
        {
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
            "dispatch_action_config": _dispatch,
        },
        {"is_decimal_allowed": boolean},
    ),
    "file_input": _element("file_input", {"filetypes": array(string(20), 1), "max_files": integer(1, 10)}),
    "image": image_element,
    "workflow_button": _element(
        "workflow_button",
        {"style": choice("primary", "danger"), "accessibility_label": string(75)},
        {"text": plain_text(75), "workflow": _workflow},
    ),
    "feedback_buttons": _element(
        "feedback_buttons", {}, {"positive_button": _feedback, "negative_button": _feedback}
    ),
    "icon_button": _element(
        "icon_button",
        {
            "value": string(2000),
            "confirm": confirm,
            "accessibility_label": string(75),
            "visible_to_user_ids": _IDS,
            "alt_text": alt_text,
        },
        {"icon": choice("trash"), "text": plain_text(75)},
    ),
}

_SELECTS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
_PICKERS = {"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"}
PLACES: dict[str, set[str]] = {
    "actions": {"button", "overflow", "workflow_button"} | _SELECTS | _PICKERS,
    "section": {"button", "overflow", "workflow_button", "image"} | _SELECTS | _PICKERS,
    "input": {
        *_SELECTS,
        *_PICKERS,
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
        "rich_text_input",
    },
    "context_actions": {"feedback_buttons", "icon_button"},
    "card": {"button"},
}
SURFACES: dict[str, set[str]] = {
    "datetimepicker": {"message", "modal"},
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "number_input": {"modal"},
    "file_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "workflow_button": {"message"},
}


def element(place: str, more: dict[str, Check] | None = None) -> Check:
    """An element that may stand in this place and on the surface being checked."""

    def allowed(kind: str, at: At) -> bool:
        return kind in PLACES[place] and at.report.surface in SURFACES.get(kind, {at.report.surface})

    return by_type({**ELEMENTS, **(more or {})}, allowed)


def rich_text_input(initial: Check) -> dict[str, Check]:
    """The one element that holds a block; its initial value's check comes from there."""
    extra: dict[str, Check] = {
        "initial_value": initial,
        "dispatch_action_config": _dispatch,
        "min_lines": integer(1, 100),
        "max_lines": integer(1, 100),
    }
    return {"rich_text_input": _input("rich_text_input", extra)}
