"""Words and pictures from Gemini through google-genai, Google's maintained SDK (the extra `pictures`)."""

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.ai.base import Provider, Writer
from bot.ai.bounds import PICTURE_BYTES, mime_type
from bot.clock import Clock, stopwatch
from bot.config import Settings
from bot.domain.creatives import Part
from bot.domain.variations import Brief, Draft, Tokens, Written
from bot.errors import AiError, AiMisconfigured, AiRefused

if TYPE_CHECKING:
    from bot.ai.asking import Conversation, Question, Reply

NAME = "google-genai"


class GenaiWriter:
    """Writes with one key at one endpoint, and makes at most one picture for each answer."""

    name = NAME

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.model = settings.gemini_model
        self.picture_model = settings.gemini_image_model
        self._key = settings.gemini_api_key
        self._url = settings.gemini_api_url
        self._clock = clock
        self._lock = threading.Lock()

    def most(self, brief: Brief) -> Tokens:
        """An upper bound of what `write` uses, one picture included where one may be made."""
        from bot.ai.asking import PICTURE_TOKENS, most, plus
        from bot.ai.prompts import parts_of, picture_message

        words = most(brief)
        if Part.PICTURE not in parts_of(brief):
            return words
        asked = len(picture_message(brief, "x" * 600).encode()) + PICTURE_TOKENS
        return plus(words, Tokens(prompt=asked, output=PICTURE_TOKENS, pictures=1))

    def write(self, brief: Brief, *, timeout: float) -> Written:
        """Write variations, and the picture of the one that changes it; see bot.ai.base.Writer."""
        from bot.ai.asking import converse

        deadline = stopwatch() + timeout
        came = converse(brief, self._ask, deadline=deadline)
        drafts, tokens = self._pictured(brief, came, deadline)
        return Written(drafts, self.name, self.model, tokens)

    def _pictured(
        self, brief: Brief, came: "Conversation", deadline: float
    ) -> tuple[tuple[Draft, ...], Tokens]:
        """The drafts with their picture; a draft whose picture was not made is left out."""
        from bot.ai.asking import plus

        tokens, drafts = came.tokens, []
        failed: AiError | None = None
        for draft, scene in zip(came.drafts, came.scenes, strict=True):
            if draft.changed is not Part.PICTURE:
                drafts.append(draft)
                continue
            try:
                reply = self._picture(brief, scene, deadline)
                tokens = plus(tokens, reply.tokens)
                drafts.append(replace(draft, picture=reply.picture))
            except AiError as fault:
                tokens = plus(tokens, fault.tokens or Tokens())
                failed = fault
        if failed and (not drafts or isinstance(failed, AiMisconfigured)):
            failed.tokens = tokens
            raise failed
        return tuple(drafts), tokens

    def _picture(self, brief: Brief, scene: str, deadline: float) -> "Reply":
        from bot.ai.asking import check, remaining
        from bot.ai.prompts import picture_message, picture_of

        config = {"response_modalities": ["IMAGE"], "candidate_count": 1}
        parts = _parts(picture_message(brief, scene), picture_of(brief))
        reply = self._send(self.picture_model, "GEMINI_IMAGE_MODEL", parts, config, remaining(deadline))
        try:
            check(reply)
            if not reply.picture:
                raise AiRefused("Google AI gave no picture that can be used.", finish="NO_IMAGE")
        except AiError as fault:
            fault.tokens = reply.tokens
            raise
        # The price of a picture covers what the model put out for it.
        return replace(reply, tokens=Tokens(reply.tokens.prompt, 0, reply.tokens.thoughts, 1))

    def _ask(self, question: "Question", seconds: float) -> "Reply":
        config = {
            "system_instruction": question.instruction,
            "response_mime_type": "application/json",
            "response_schema": question.schema,
            "max_output_tokens": question.room,
        }
        parts = _parts(question.message, question.picture)
        return self._send(self.model, "GEMINI_MODEL", parts, config, seconds)

    def _send(
        self, model: str, setting: str, parts: list[Any], config: dict[str, Any], seconds: float
    ) -> "Reply":
        from bot.ai import faults
        from bot.ai.asking import within

        with self._lock:
            client = self._client
        config = config | {
            "http_options": {"timeout": int(seconds * 1000)},
            "automatic_function_calling": {"disable": True},
        }
        contents = [{"role": "user", "parts": parts}]
        try:
            call = client.models.generate_content
            return _reply(within(seconds, lambda: call(model=model, contents=contents, config=config)))
        except AiError:
            raise
        except Exception as error:
            # From None: what the SDK raised may show the request, and with it the ad.
            details = _details(getattr(error, "details", None))
            raise faults.of_error(error, details, model=model, setting=setting, clock=self._clock) from None

    @cached_property
    def _client(self) -> Any:
        from google import genai

        key = self._key.reveal() if self._key else ""
        # Said outright, or variables meant for other programs on this machine would choose Vertex AI or
        # another version; the SDK's own default became v1 with 3.x.
        options = {"base_url": self._url, "api_version": "v1beta"}
        return genai.Client(api_key=key, vertexai=False, http_options=options)


def _parts(message: str, picture: bytes) -> list[Any]:
    parts: list[Any] = [{"text": message}]
    if picture:
        parts.append({"inline_data": {"mime_type": mime_type(picture), "data": picture}})
    return parts


def _reply(response: Any) -> "Reply":
    from bot.ai.asking import Reply

    candidate = response.candidates[0] if response.candidates else None
    parts = (candidate.content.parts or []) if candidate and candidate.content else []
    feedback, usage = response.prompt_feedback, response.usage_metadata
    return Reply(
        "".join(part.text for part in parts if part.text and not part.thought),
        _value(candidate.finish_reason) if candidate else "",
        _value(feedback.block_reason) if feedback else "",
        Tokens(
            usage.prompt_token_count or 0, usage.candidates_token_count or 0, usage.thoughts_token_count or 0
        )
        if usage
        else Tokens(),
        next((part.inline_data.data for part in parts if part.inline_data and _fits(part.inline_data)), b""),
    )


def _value(reason: Any) -> str:
    """The name of a finish or block reason; SDKs turn those they do not know into members of their own."""
    text = str(getattr(reason, "value", reason) or "")
    return "" if text.endswith("_UNSPECIFIED") else text


def _fits(blob: Any) -> bool:
    data = blob.data or b""
    return len(data) <= PICTURE_BYTES and bool(mime_type(data))


def _details(body: Any) -> list[Any]:
    error = body.get("error", body) if isinstance(body, dict) else {}
    details = error.get("details") if isinstance(error, dict) else None
    return details if isinstance(details, list) else []


def _build(settings: Settings, clock: Clock) -> Writer:
    return GenaiWriter(settings, clock)


PROVIDER = Provider(
    name=NAME,
    needs=("gemini_api_key",),
    package="google.genai",
    remedy="It comes with the extra: pip install 'spruce[pictures]'.",
    build=_build,
)
