"""How a model is asked, whichever SDK carries it: ask, check, ask once more, give up cleanly.

Import it where a request is made: it brings pydantic with it.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from bot.ai import faults, prompts, schema
from bot.ai.bounds import mime_type
from bot.clock import stopwatch
from bot.domain.variations import Brief, Draft, Tokens
from bot.errors import AiError, AiUnreadable

# maxOutputTokens counts thinking as well; the second figure is for the one try after MAX_TOKENS.
ROOM = (8_192, 16_384)
TRIES = 3  # the first, one after MAX_TOKENS, one after an answer that could not be read
# What a picture in a prompt costs at most: 1,120 tokens at Gemini 3's default resolution, twice that
# to be sure of an upper bound.
PICTURE_TOKENS = 2_240
_OVERHEAD = 1_000  # the schema and what frames the parts
_LEAST = 1.0  # seconds that a request needs to have a chance

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """One request for words."""

    instruction: str
    message: str
    picture: bytes  # empty for none
    mime_type: str
    schema: dict[str, Any]
    room: int  # maxOutputTokens


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, as the API gave it: `finish` is finishReason, `blocked` promptFeedback.blockReason."""

    text: str
    finish: str
    blocked: str
    tokens: Tokens
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What came of asking; `scenes` has a text for each draft that changes the picture."""

    drafts: tuple[Draft, ...]
    scenes: tuple[str, ...]
    tokens: Tokens


Ask = Callable[[Question, float], Reply]


def converse(brief: Brief, ask: Ask, *, deadline: float) -> Conversation:
    """Ask until there is an answer that can be read; `deadline` is on bot.clock.stopwatch.

    Raises AiError with the tokens of all tries.
    """
    spent, widened, complaint = Tokens(), False, ""
    for _ in range(TRIES):
        question = _question(brief, ROOM[widened], complaint)
        try:
            reply = ask(question, remaining(deadline))
            spent = plus(spent, reply.tokens)
            if reply.finish == "MAX_TOKENS" and not widened:
                widened = True
                continue
            check(reply)
            drafts = schema.read(reply.text, brief)
            return Conversation(drafts, tuple(schema.scenes(reply.text)), spent)
        except AiUnreadable as fault:
            if complaint:
                raise _given_up(fault, spent) from None
            complaint = fault.sentence
        except AiError as fault:
            fault.tokens = plus(spent, fault.tokens or Tokens())
            raise
    raise _given_up(AiUnreadable(complaint), spent)


def check(reply: Reply) -> None:
    """Raise AiRefused where the API gave a reason for giving no answer."""
    if reply.blocked:
        raise faults.refused(reply.blocked, prompt=True)
    if reply.finish not in ("STOP", ""):
        raise faults.refused(reply.finish)


def remaining(deadline: float) -> float:
    """Seconds left; raises AiUnavailable where there are too few to ask."""
    left = deadline - stopwatch()
    if left < _LEAST:
        raise faults.out_of_time()
    return left


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result, or AiUnavailable once the time is over.

    The SDKs' own timeouts bound each wait for bytes, not the whole: an answer that trickles in would
    never end. The thread left behind is a daemon and ends with its connection.
    """
    done: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:  # it is raised again, in the thread that waits
            done.put((None, error))

    threading.Thread(target=run, name="ask-google", daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise faults.out_of_time() from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error there is a result


def plus(one: Tokens, other: Tokens) -> Tokens:
    """What two requests used together."""
    return Tokens(*(getattr(one, field.name) + getattr(other, field.name) for field in fields(Tokens)))


def most(brief: Brief) -> Tokens:
    """An upper bound of what all tries for words use.

    A token is at least one byte of UTF-8, so the bytes of a prompt bound its tokens from above.
    """
    longest = replace(brief, complaint=brief.complaint or "x" * 300)
    texts = prompts.INSTRUCTION + prompts.message(longest)
    prompt = len(texts.encode()) + _OVERHEAD + (PICTURE_TOKENS if prompts.picture_of(brief) else 0)
    return Tokens(prompt=prompt * TRIES, output=ROOM[0] + ROOM[1] * (TRIES - 1))


def _question(brief: Brief, room: int, complaint: str) -> Question:
    asked = replace(brief, complaint=complaint) if complaint else brief
    picture = prompts.picture_of(brief)
    return Question(
        prompts.INSTRUCTION,
        prompts.message(asked),
        picture,
        mime_type(picture),
        schema.response_schema(brief),
        room,
    )


def _given_up(fault: AiUnreadable, spent: Tokens) -> AiUnreadable:
    return AiUnreadable(
        f"Google AI answered twice in a way that cannot be used. {fault.sentence}", tokens=spent
    )
