"""Which writer the settings choose, and that choosing one loads no SDK."""

import subprocess
import sys

import pytest

from bot.ai.base import BESIDE, choose, providers
from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import AiError, AiRefused, AiThrottled, AiUnavailable, ConfigurationFault
from bot.registry import module_names
from tests.house.tree import ROOT

KEY = {"GEMINI_API_KEY": "AIza-demo"}
CHOOSE = """
import sys
from bot.ai.base import choose, providers
from bot.clock import SystemClock
from bot.config import Settings
for name in providers():
    choose(Settings.from_env({"GEMINI_API_KEY": "x", "SPRUCE_AI_WRITER": name}), SystemClock())
heavy = ("google.", "pydantic", "grpc", "httpx", "PIL")
print(sorted(name for name in sys.modules if name.startswith(heavy)))
"""


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, "offline"),
        (KEY, "google-generativeai"),
        ({**KEY, "SPRUCE_AI_WRITER": "google-genai"}, "google-genai"),
        ({**KEY, "SPRUCE_AI_WRITER": "offline"}, "offline"),
    ],
)
def test_the_settings_choose_the_writer(env, name):
    assert choose(Settings.from_env(env), SystemClock()).name == name


@pytest.mark.parametrize("name", ["google-generativeai", "google-genai"])
def test_a_writer_without_its_key_says_which_setting_is_missing(name):
    with pytest.raises(ConfigurationFault, match=f"{name}, which needs GEMINI_API_KEY"):
        choose(Settings.from_env({"SPRUCE_AI_WRITER": name}), SystemClock())


def test_every_module_is_a_provider_or_known_to_stand_beside_them():
    there = {name.rpartition(".")[2] for name in module_names("bot.ai", skip=BESIDE)}
    assert there == {"gemini", "genai", "offline"}
    known = {name.rpartition(".")[2] for name in module_names("bot.ai", skip=())}
    assert set(BESIDE) <= known
    assert set(providers()) == {"google-generativeai", "google-genai", "offline"}


def test_choosing_a_writer_loads_no_sdk():
    done = subprocess.run(
        [sys.executable, "-c", CHOOSE], cwd=ROOT, env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_errors_say_whether_to_try_again():
    assert issubclass(AiThrottled, AiError)
    assert AiThrottled.retryable
    assert AiUnavailable.retryable
    assert not AiRefused("No.", finish="SAFETY").retryable
