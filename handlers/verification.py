"""Whether a request over HTTP comes from Slack and can be read, before Bolt looks at it."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

# Slack, "Verifying requests": seconds, and v0= with the hex HMAC-SHA256. Bolt raises on other shapes.
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_WITHIN = 300  # seconds


def fault(headers: Mapping[str, str], body: bytes, *, secret: str, now: float) -> str | None:
    """Why a request is not taken, as a slug; None when it is Slack's and fresh."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp):
        return "malformed_timestamp"
    if not _SIGNATURE.fullmatch(signature):
        return "malformed_signature"
    if abs(now - int(timestamp)) > _WITHIN:
        return "old_timestamp"
    if not hmac.compare_digest(signed(secret, timestamp, body), signature):
        return "wrong_signature"
    return None


def signed(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that Slack puts on these bytes."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def is_readable(body: bytes, mimetype: str) -> bool:
    """Whether this is a form, or a JSON object on its own or in a form; Bolt raises on anything else."""
    try:
        text = body.decode()
        if mimetype == "application/json" or text.startswith("{"):
            return isinstance(json.loads(text), dict)
        payload = dict(parse_qsl(text, keep_blank_values=True)).get("payload")
        return payload is None or isinstance(json.loads(payload), dict)
    except (ValueError, RecursionError):
        return False
