"""Words from Gemini through google-generativeai, the SDK that Spruce uses unless told otherwise.

The SDK is no longer maintained and keeps one client for the whole process (`genai.configure`). Each
writer here has a client of its own instead: the model object takes the one it is given, as
`GenerativeModel.generate_content` of 0.8.6 looks for the process's client only where it has none.
Its protocol knows no thoughtsTokenCount: thoughts are what the total has beyond prompt and answer.
"""

import threading
import warnings
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.ai.base import Provider, Writer
from bot.clock import Clock, stopwatch
from bot.config import Settings
from bot.domain.variations import Brief, Tokens, Written
from bot.errors import AiError

if TYPE_CHECKING:
    from bot.ai.asking import Question, Reply

NAME = "google-generativeai"


class GeminiWriter:
    """Writes with one key at one endpoint; safe to use from several threads."""

    name = NAME

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.model = settings.gemini_model
        self._key = settings.gemini_api_key
        self._url = settings.gemini_api_url
        self._clock = clock
        self._lock = threading.Lock()

    def most(self, brief: Brief) -> Tokens:
        """An upper bound of what `write` uses."""
        from bot.ai.asking import most

        return most(replace(brief, pictures_wanted=False))

    def write(self, brief: Brief, *, timeout: float) -> Written:
        """Write variations of the words; see bot.ai.base.Writer."""
        from bot.ai.asking import converse

        brief = replace(brief, pictures_wanted=False)  # this SDK's protocol knows no pictures in answers
        came = converse(brief, self._ask, deadline=stopwatch() + timeout)
        return Written(came.drafts, self.name, self.model, came.tokens)

    def _ask(self, question: "Question", seconds: float) -> "Reply":
        from bot.ai import faults
        from bot.ai.asking import within

        with self._lock:
            model_of, client = self._sdk
        try:
            return _reply(within(seconds, lambda: self._sent(model_of, client, question, seconds)))
        except AiError:
            raise
        except Exception as error:
            # From None: what the SDK raised may show the request, and with it the ad.
            raise faults.of_error(
                error,
                getattr(error, "details", None) or (),
                model=self.model,
                setting="GEMINI_MODEL",
                clock=self._clock,
            ) from None

    @cached_property
    def _sdk(self) -> tuple[Any, Any]:
        """The SDK's class of models, and a client of our own. Importing takes seconds, once."""
        with warnings.catch_warnings():
            # That its support has ended, and when Python's will: both are in docs/how-to.
            warnings.simplefilter("ignore", FutureWarning)
            from google.ai.generativelanguage import GenerativeServiceClient
            from google.api_core.client_options import ClientOptions
            from google.generativeai import GenerativeModel

        key = self._key.reveal() if self._key else ""
        options = ClientOptions(api_key=key, api_endpoint=self._url)
        return GenerativeModel, GenerativeServiceClient(transport="rest", client_options=options)

    def _sent(self, model_of: Any, client: Any, question: "Question", seconds: float) -> Any:
        model = model_of(self.model, system_instruction=question.instruction)
        model._client = client
        parts: list[Any] = [question.message]
        if question.picture:
            parts.append({"mime_type": question.mime_type, "data": question.picture})
        return model.generate_content(
            parts,
            generation_config={
                "response_mime_type": "application/json",
                "response_schema": question.schema,
                "max_output_tokens": question.room,
            },
            # Without this the SDK repeats 503 by itself for ten minutes.
            request_options={"timeout": seconds, "retry": None},
        )


def _reply(response: Any) -> "Reply":
    from bot.ai.asking import Reply

    candidate = response.candidates[0] if response.candidates else None
    return Reply(
        "".join(part.text for part in candidate.content.parts) if candidate else "",
        _named(candidate.finish_reason) if candidate else "",
        _named(response.prompt_feedback.block_reason),
        _tokens(response.usage_metadata),
    )


def _named(reason: Any) -> str:
    """A reason's name; one that is younger than the SDK comes as a bare number."""
    name = str(getattr(reason, "name", "UNKNOWN"))
    return "" if name.endswith("_UNSPECIFIED") else name


def _tokens(usage: Any) -> Tokens:
    prompt, output = usage.prompt_token_count, usage.candidates_token_count
    return Tokens(prompt, output, max(usage.total_token_count - prompt - output, 0))


def _build(settings: Settings, clock: Clock) -> Writer:
    return GeminiWriter(settings, clock)


PROVIDER = Provider(
    name=NAME,
    needs=("gemini_api_key",),
    package="google.generativeai",
    remedy="Install Spruce's requirements again: pip install google-generativeai.",
    build=_build,
)
