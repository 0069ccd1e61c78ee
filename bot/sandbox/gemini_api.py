"""Stand-in for the Gemini API: `models/{model}:generateContent` over HTTP on the loopback interface."""

import base64
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from bot.sandbox import gemini_strict
from bot.sandbox.gemini_copywriter import compose
from bot.sandbox.gemini_pictures import picture_for
from bot.sandbox.gemini_script import Step
from bot.sandbox.gemini_wire import Json, Received, RefusalError, camel, with_numbers
from bot.sandbox.slack_server import Service

WORDS = ("gemini-3.8-flash", "gemini-3.5-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro-preview")
PICTURES = ("gemini-3.1-flash-image", "gemini-3-pro-image")
_PATH = re.compile(r"/v1beta/models/([^/:]+):generateContent")
_THOUGHTS = 96  # tokens that each answer spends on thinking
_PICTURE = 1_120  # tokens of a picture, in and out
_LIMIT = 25_000_000


class GeminiStandIn:
    """Answers as Gemini does; `script` says what comes next, `requests` what came."""

    def __init__(self, *, keys: Iterable[str] = ("AIza-demo",), blocked_keys: Iterable[str] = ()) -> None:
        self.requests: list[Received] = []
        self._keys = frozenset(keys)
        self._blocked = frozenset(blocked_keys)
        self._script: deque[Step] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._service: Service | None = None

    def start(self, port: int = 0) -> str:
        """Listen and return the base URL, GEMINI_API_URL."""
        self._service = Service(self._application, port)
        return self._service.base_url

    def stop(self) -> None:
        """Close everything; a second call does nothing."""
        self._stopping.set()
        service, self._service = self._service, None
        if service is not None:
            service.stop()

    def script(self, *steps: Step) -> None:
        """The next requests get these answers, one each; those after them the usual one."""
        with self._lock:
            self._script.extend(steps)

    def _application(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = self._respond(Request(environ))
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            model = self._admitted(request)
            body = _body(request)
            gemini_strict.check(body, pictures=model in PICTURES)
            received = Received(model, body, _shown(request))
            with self._lock:
                self.requests.append(received)
                step = self._script.popleft() if self._script else Step()
            numbers = "enum-encoding=int" in request.args.get("$alt", "")
            return self._stepped(step, received, numbers=numbers)
        except RefusalError as refusal:
            return _json(refusal.body(), refusal.status)

    def _admitted(self, request: Request) -> str:
        """The model that is asked, once the path, the key and the model's name are right."""
        match = _PATH.fullmatch(request.path)
        if match is None or request.method != "POST":
            raise RefusalError(404, "Requested entity was not found.")
        key = request.headers.get("x-goog-api-key", "")
        if not key:
            raise RefusalError(403, "Method doesn't allow unregistered callers. Please use an API key.")
        if key in self._blocked:
            raise RefusalError(
                403, "Requests to this API are blocked.", (_reason("API_KEY_SERVICE_BLOCKED"),)
            )
        if key not in self._keys:
            raise RefusalError(
                400, "API key not valid. Please pass a valid API key.", (_reason("API_KEY_INVALID"),)
            )
        if match[1] not in WORDS + PICTURES:
            raise RefusalError(404, f"models/{match[1]} is not found for API version v1beta.")
        return match[1]

    def _stepped(self, step: Step, received: Received, *, numbers: bool) -> Response:
        if step.delay:
            self._stopping.wait(step.delay)
        if step.hangs_up:
            return _json(self._cut(), 200, {"Content-Length": "1000"})
        if step.body is not None:
            return _json(step.body, step.status)
        if step.status != 200:
            raise RefusalError(step.status, "The request could not be served.", step.details)
        answer = _answer(step, received)
        body = json.dumps(with_numbers(answer) if numbers else answer).encode()
        if step.trickle:
            return _json(self._trickled(body, step.trickle), 200)
        return _json(body, 200)

    def _cut(self) -> Iterator[bytes]:
        """Less than was announced."""
        yield b"{"

    def _trickled(self, body: bytes, seconds: float) -> Iterator[bytes]:
        for place in range(len(body)):
            if self._stopping.wait(seconds):
                return
            yield body[place : place + 1]


def _answer(step: Step, received: Received) -> Json:
    """A GenerateContentResponse."""
    used = len(received.text) // 4 + len(received.instruction) // 4
    used += sum(_PICTURE for part in received.parts if "inlineData" in part)
    usage: Json = {"promptTokenCount": used, "totalTokenCount": used}
    if step.block:
        return {"promptFeedback": {"blockReason": step.block}, "usageMetadata": usage}
    part, put_out = _part(step, received)
    usage |= {"candidatesTokenCount": put_out, "thoughtsTokenCount": _THOUGHTS}
    usage["totalTokenCount"] += put_out + _THOUGHTS
    candidate: Json = {"finishReason": step.finish, "index": 0}
    if part:
        candidate["content"] = {"role": "model", "parts": [part]}
    return {
        "candidates": [candidate],
        "usageMetadata": step.usage or usage,
        "modelVersion": received.model,
        "responseId": f"stand-in-{len(received.text)}",
    }


def _part(step: Step, received: Received) -> tuple[Json, int]:
    """What a candidate holds, and the tokens it took."""
    if step.text is not None:
        return ({"text": step.text} if step.text else {}), len(step.text) // 4
    if "IMAGE" in received.config.get("responseModalities", []):
        data = base64.b64encode(picture_for(received.parts)).decode()
        return {"inlineData": {"mimeType": "image/png", "data": data}}, _PICTURE
    text = compose(received.text, received.config.get("responseSchema"))
    return {"text": text}, len(text) // 4


def _body(request: Request) -> Any:
    if (request.content_length or 0) > _LIMIT:
        raise RefusalError(400, "Request payload size exceeds the limit: 20971520 bytes.")
    try:
        return camel(json.loads(request.get_data()))
    except ValueError:
        raise RefusalError(400, "Invalid JSON payload received. Unexpected token.") from None


def _shown(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers if name.lower() != "x-goog-api-key"}


def _reason(name: str) -> Json:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": name, "domain": "googleapis.com"}


def _json(body: bytes | Iterable[bytes], status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status=status, headers=headers, content_type="application/json; charset=UTF-8")
