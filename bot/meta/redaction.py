"""Keeps tokens out of everything that is said or logged about a request.

Every request carries its token in the address (the SDK's way), and the HTTP libraries put addresses
into their messages.
"""

import logging
import re
from collections.abc import Collection

from bot.log import HIDDEN, hide_values

_IN_ADDRESS = re.compile(r"((?:access_token|appsecret_proof|input_token)=)[^&\s\"']+", re.IGNORECASE)


def hide(text: str, secrets: Collection[str] = ()) -> str:
    """The text without these secrets, bare or escaped, and without the value of any token parameter."""
    return _IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", hide_values(text, secrets))


class _HideTokens(logging.Filter):
    """Rewrites a record that shows an address; at DEBUG urllib3 logs every one it requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), None
        return True


_FILTER = _HideTokens()


def quiet_http_logs() -> None:
    """Make the HTTP library's own log lines safe, whoever listens to them; harmless to repeat."""
    logging.getLogger("urllib3.connectionpool").addFilter(_FILTER)
