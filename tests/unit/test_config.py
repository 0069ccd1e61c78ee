"""Settings are read once, every fault is told at once, and secrets show nowhere."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Secret, Settings
from bot.errors import ConfigurationFault

SETTINGS = {setting.metadata["env"]: setting for setting in fields(Settings)}
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hidden-value",
    "SLACK_APP_TOKEN": "xapp-hidden-value",
    "SLACK_SIGNING_SECRET": "hidden-value-signing",
    "META_ACCESS_TOKEN": "hidden-value-meta",
    "META_APP_SECRET": "hidden-value-app",
    "GEMINI_API_KEY": "hidden-value-gemini",
    "SPRUCE_ENCRYPTION_KEYS": "k1:hidden-value-key",
}
WRONG = {
    "SLACK_BOT_TOKEN": "hidden-value",
    "SLACK_APP_TOKEN": "xoxb-hidden-value",
    "DATABASE_URL": "mysql://user:hidden-value@host/db",
    "SLACK_API_URL": "slack.com/api",
    "META_GRAPH_URL": "ftp://graph.facebook.com",
    "GEMINI_API_URL": "https://",
    "SPRUCE_ACCOUNTS": "act_1, 2",
    "SPRUCE_TARGETS": "act_1 profit=7",
    "SPRUCE_PUBLIC_URL": "javascript:alert(1)",
    "PORT": "65536",
    "SPRUCE_POLL_MINUTES": "4",
    "SPRUCE_KEEP_READINGS_DAYS": "thirty",
    "SPRUCE_LOG_LEVEL": "loud",
}


def test_without_settings_there_are_defaults():
    settings = Settings.from_env({})
    assert settings == Settings()
    assert (settings.port, settings.poll_minutes, settings.database_url) == (3000, 15, "sqlite:///spruce.db")
    assert not settings.socket_mode
    assert settings.everyone_may_change_ads


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
def test_every_setting_has_its_variable_and_a_sentence(setting):
    assert setting.metadata["env"].isupper()
    assert setting.metadata["meaning"][0].isupper()
    assert setting.metadata["meaning"].endswith((".", "…"))


def test_every_fault_is_told_at_once_and_in_order():
    with pytest.raises(ConfigurationFault) as caught:
        Settings.from_env({**SECRETS, **WRONG})
    named = [fault.split()[0] for fault in caught.value.faults]
    assert named == [name for name in SETTINGS if name in WRONG]
    for fault in caught.value.faults:
        assert fault.endswith(".")
        assert f"  - {fault}" in caught.value.sentence


def test_no_fault_and_no_picture_of_the_settings_shows_a_secret():
    settings = Settings.from_env(SECRETS)
    for shown in (repr(settings), str(settings), f"{settings}", repr(vars(settings))):
        assert "hidden-value" not in shown
    with pytest.raises(ConfigurationFault) as caught:
        Settings.from_env({**SECRETS, **WRONG})
    assert "hidden-value" not in f"{caught.value!r} {caught.value}"


def test_every_setting_that_is_a_secret_is_hidden_and_can_be_revealed():
    settings = Settings.from_env(SECRETS)
    held = {SETTINGS[name].name: value for name, value in SECRETS.items()}
    assert {name: getattr(settings, name).reveal() for name in held} == held
    assert {name for name, value in vars(settings).items() if isinstance(value, Secret)} == set(held)


def test_secrets_are_compared_by_what_they_hide():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_makes_no_sense_is_refused(name):
    with pytest.raises(ConfigurationFault, match=name):
        Settings.from_env({name: WRONG[name]})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_is_driven_by_psycopg_however_its_address_is_written(scheme):
    settings = Settings.from_env({"DATABASE_URL": f" {scheme}://user:pass@host:5432/db?sslmode=require "})
    assert settings.database_url == "postgresql+psycopg://user:pass@host:5432/db?sslmode=require"


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:spruce.db", "spruce.db", "postgresql+psycopg2://h/d", "POSTGRES://h/d"]
)
def test_a_database_that_is_not_supported_is_refused(url):
    with pytest.raises(ConfigurationFault, match="must begin with sqlite:/// or postgresql://"):
        Settings.from_env({"DATABASE_URL": url})


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_blank_value_is_no_value(blank):
    assert Settings.from_env(dict.fromkeys(SETTINGS, blank)) == Settings()


def test_what_else_is_in_the_environment_does_not_matter():
    assert Settings.from_env({"PATH": "/bin", "SPRUCE_UNKNOWN": "x", "spruce_port": "1"}) == Settings()


@given(st.lists(st.from_regex(r"act_[0-9]{1,20}", fullmatch=True)), st.sampled_from([",", " ", ", ", "\n"]))
def test_accounts_are_separated_by_commas_or_spaces(accounts, between):
    assert Settings.from_env({"SPRUCE_ACCOUNTS": between.join(accounts)}).accounts == tuple(accounts)


@given(st.integers(), st.sampled_from([("PORT", 0, 65535), ("SPRUCE_POLL_MINUTES", 5, 120)]))
def test_a_number_is_taken_within_its_bounds_and_refused_outside(number, bounds):
    name, low, high = bounds
    if low <= number <= high:
        assert getattr(Settings.from_env({name: str(number)}), SETTINGS[name].name) == number
    else:
        with pytest.raises(ConfigurationFault, match=f"{low} to {high}"):
            Settings.from_env({name: str(number)})


@given(st.dictionaries(st.sampled_from(sorted(SETTINGS)), st.text()))
def test_any_words_give_settings_or_a_fault_and_nothing_else(env):
    try:
        settings = Settings.from_env(env)
    except ConfigurationFault as fault:
        named = {one.split()[0] for one in fault.faults}
    else:
        named = set()
        assert isinstance(settings.port, int)
    assert named <= set(env)


@pytest.mark.parametrize("port", ["1_0", "+1", "0x10", "1.5", "9" * 30])
def test_a_number_is_written_in_plain_digits(port):
    with pytest.raises(ConfigurationFault, match="PORT must be a whole number"):
        Settings.from_env({"PORT": port})


def test_addresses_end_as_their_users_expect():
    settings = Settings.from_env(
        {"SLACK_API_URL": "http://127.0.0.1:1/api", "META_GRAPH_URL": "http://127.0.0.1:2/"}
    )
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"
    assert settings.meta_graph_url == "http://127.0.0.1:2"


def test_every_secret_is_held_for_hiding_and_each_key_apart():
    secrets = {
        one.metadata["env"]: f"xapp-{one.name}" if "app_token" in one.name else f"xoxb-{one.name}"
        for one in fields(Settings)
        if "Secret" in str(one.type)
    }
    keys = "k1:first=,k2:second="
    settings = Settings.from_env({**secrets, "SPRUCE_ENCRYPTION_KEYS": keys})
    del secrets["SPRUCE_ENCRYPTION_KEYS"]
    assert sorted(settings.held()) == sorted([*secrets.values(), keys, "first=", "second="])
    assert Settings().held() == []


def test_people_who_are_named_take_the_ads_from_everybody_else():
    named = Settings.from_env({"SPRUCE_APPROVERS": "U1, U2", "SLACK_APP_TOKEN": "xapp-1"})
    assert named.approvers == ("U1", "U2")
    assert not named.everyone_may_change_ads
    assert named.socket_mode


def test_no_setting_of_this_machine_reaches_the_tests():
    assert Settings.from_process() == Settings()
