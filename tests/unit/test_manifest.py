"""The app manifest obeys Slack's published rules, in both modes."""

import json
import re
from types import SimpleNamespace

import pytest

from bot.errors import BadInput
from bot.manifest import EVENTS, EVENTS_PATH, SCOPES, build, to_yaml

COMMANDS = [
    SimpleNamespace(name="help", usage="help"),
    SimpleNamespace(name="report", usage="/spruce report [today|7d]"),
    SimpleNamespace(name="status", usage=""),
]
URL = "https://spruce.example"
WEB = r"https?://.*"

# Slack's JSON schema for manifests, version 2: for every key the type and its limits. A key that is not
# here is refused, as Slack refuses it.
TEXT = {
    "display_information.name": (1, 35, ".*"),
    "display_information.description": (1, 140, ".*"),
    "display_information.long_description": (175, 4000, ".*"),
    "display_information.background_color": (4, 7, "#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
    "features.bot_user.display_name": (1, 80, ".*"),
    "features.slash_commands[].command": (2, 32, "/.*"),
    "features.slash_commands[].url": (1, 3000, WEB),
    "features.slash_commands[].description": (1, 2000, ".*"),
    "features.slash_commands[].usage_hint": (1, 1000, ".*"),
    "oauth_config.redirect_urls[]": (1, 2500, WEB),
    "oauth_config.scopes.bot[]": (1, 50, ".*"),
    "settings.event_subscriptions.request_url": (1, 3500, WEB),
    "settings.event_subscriptions.bot_events[]": (1, 50, ".*"),
    "settings.interactivity.request_url": (1, 3500, WEB),
}
FLAGS = {
    "features.app_home.home_tab_enabled",
    "features.app_home.messages_tab_enabled",
    "features.app_home.messages_tab_read_only_enabled",
    "features.bot_user.always_online",
    "features.slash_commands[].should_escape",
    "settings.interactivity.is_enabled",
    "settings.org_deploy_enabled",
    "settings.socket_mode_enabled",
    "settings.token_rotation_enabled",
}
NUMBERS = {"_metadata.major_version", "_metadata.minor_version"}
LISTS = {
    "features.slash_commands": (1, 50),
    "oauth_config.redirect_urls": (0, 1000),
    "oauth_config.scopes.bot": (0, 255),
    "settings.event_subscriptions.bot_events": (0, 100),
}
REQUIRED = {
    "display_information.name",
    "features.bot_user.display_name",
    "features.slash_commands[].command",
    "features.slash_commands[].description",
    "settings.interactivity.is_enabled",
}
# Slack, Scopes: these events are delivered without any scope; others would need one.
EVENTS_WITHOUT_SCOPE = {"app_home_opened", "app_uninstalled", "tokens_revoked"}


def faults(manifest):
    """What Slack would refuse, as sentences."""
    seen = set()
    found = list(_faults(manifest, "", seen))
    return found + [f"{path} is missing" for path in REQUIRED - seen]


def _faults(value, path, seen):
    seen.add(path)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _faults(item, f"{path}.{key}".removeprefix("."), seen)
    elif isinstance(value, list):
        low, high = LISTS.get(path, (0, -1))
        if not low <= len(value) <= high or len({json.dumps(item) for item in value}) != len(value):
            yield f"{path} has {len(value)} items, some perhaps twice"
        for item in value:
            yield from _faults(item, f"{path}[]", seen)
    else:
        yield from _leaf_faults(value, path)


def _leaf_faults(value, path):
    if path in FLAGS:
        wrong = not isinstance(value, bool)
    elif path in NUMBERS:
        wrong = not isinstance(value, int)
    elif path in TEXT:
        low, high, pattern = TEXT[path]
        wrong = not (isinstance(value, str) and low <= len(value) <= high and re.fullmatch(pattern, value))
    else:
        wrong = True
    if wrong:
        yield f"{path} may not be {value!r}"


def read_yaml(text):
    """The small part of YAML that the manifest is written in."""
    rows = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]
    value, rest = _block(rows, 0)
    assert rest == []
    return value


def _block(rows, indent):
    is_list = rows[0][1].startswith("- ")
    items, pairs = [], {}
    while rows and rows[0][0] == indent:
        line = rows[0][1]
        if is_list and re.match(r"- \w+:", line):
            item, rows = _block([(indent + 2, line[2:]), *rows[1:]], indent + 2)
            items.append(item)
        elif is_list:
            items.append(json.loads(line[2:]))
            rows = rows[1:]
        else:
            key, _, scalar = line.partition(":")
            if scalar:
                pairs[key], rows = json.loads(scalar), rows[1:]
            else:
                pairs[key], rows = _block(rows[1:], rows[1][0])
    return (items if is_list else pairs), rows


@pytest.mark.parametrize("url", [None, URL, "https://example.com/behind/a/path/"])
def test_slack_accepts_the_manifest(url):
    assert faults(build(url, COMMANDS)) == []


@pytest.mark.parametrize("url", [None, URL])
def test_the_yaml_says_the_same_as_the_data(url):
    manifest = build(url, COMMANDS)
    assert read_yaml(to_yaml(manifest)) == manifest


def test_socket_mode_names_no_address():
    manifest = build(None, COMMANDS)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "http" not in to_yaml(manifest)


def test_over_http_every_request_comes_to_the_given_address():
    manifest = build(URL + "/", COMMANDS)
    addresses = re.findall(r'"(https?:[^"]*)"', json.dumps(manifest))
    assert manifest["settings"]["socket_mode_enabled"] is False
    # Commands, events, clicks; nothing that no page of ours answers.
    assert addresses == [f"{URL}{EVENTS_PATH}"] * 3


def test_the_hint_lists_the_subcommands_as_they_are_typed():
    [command] = build(None, COMMANDS)["features"]["slash_commands"]
    assert command["usage_hint"] == "help | report [today|7d] | status"


def test_a_very_long_hint_is_cut_to_what_slack_takes():
    many = [SimpleNamespace(name=f"command{number}", usage="") for number in range(300)]
    assert faults(build(None, many)) == []


@pytest.mark.parametrize(
    "url", ["http://spruce.example", "spruce.example", "", "https://", "https://a b", "https://a/?q"]
)
def test_an_address_that_slack_cannot_call_is_refused(url):
    with pytest.raises(BadInput, match="https://"):
        build(url, COMMANDS)


def test_every_scope_and_event_has_a_reason_and_no_event_needs_a_further_scope():
    assert all(len(reason) > 10 for reason in [*SCOPES.values(), *EVENTS.values()])
    assert set(EVENTS) <= EVENTS_WITHOUT_SCOPE


def test_the_check_notices_what_slack_would_refuse():
    manifest = build(URL, COMMANDS)
    manifest["display_information"]["name"] = "x" * 36
    manifest["settings"]["unknown"] = True
    manifest["features"]["bot_user"] = {}
    assert len(faults(manifest)) == 3
