"""The only place that knows Slack's markup: foreign text escaped, mentions and links made on purpose."""

import re
from collections.abc import Iterable

from bot.views.text import MORE, clean, clip, one_line

NAME = 80  # a campaign's or ad's name inside a sentence

_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,20}")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>|]{1,3000}")
_ESCAPED_USER = re.compile(r"&lt;@([UW][A-Z0-9]{1,20})&gt;")
# Formatting characters from outside become look-alikes where Slack would act on them; inside words,
# where `IN_Broad_v2` has them, Slack leaves them alone and so do we.
_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ", "_": "ˍ"})
_ACTIVE_MARK = re.compile(r"`|(?<![^\W_])[*~]|[*~](?![^\W_])|(?<!\w)_+")


class Mrkdwn(str):
    """Slack markup whose foreign parts are escaped already."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """Foreign text as markup that shows it literally."""
    plain = _ACTIVE_MARK.sub(lambda mark: mark.group().translate(_MARKS), clean(text))
    return Mrkdwn(plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def mrk(template: str, *parts: object) -> Mrkdwn:
    """Our own template with its `{}` filled; parts that are not `Mrkdwn` are escaped."""
    return Mrkdwn(template.format(*map(_markup, parts)))


def join(parts: Iterable[str | None], separator: str = "\n") -> Mrkdwn:
    """The parts that are not empty, with the separator between them."""
    return Mrkdwn(separator.join(_markup(part) for part in parts if part))


def plain_name(text: str, limit: int = NAME) -> str:
    """A name for plain text: one line, clipped, never empty."""
    return clip(one_line(text), limit) or "(no name)"


def name(text: str, limit: int = NAME) -> Mrkdwn:
    """A name for markup: one line, clipped, literal, never empty."""
    return _bounded(plain_name(text, limit), limit)


def said(text: str, limit: int = 300) -> Mrkdwn:
    """A sentence that came from outside: one line, clipped, literal."""
    return _bounded(clip(one_line(text), limit), limit)


def said_with_people(text: str, limit: int = 600) -> Mrkdwn:
    """Like `said`, but mentions of people stay mentions; only for sentences that Spruce wrote."""
    return Mrkdwn(_ESCAPED_USER.sub(r"<@\1>", said(text, limit)))


def person(user_id: str) -> Mrkdwn:
    """A mention of a Slack user."""
    return Mrkdwn(f"<@{user_id}>") if _USER.fullmatch(user_id) else escape(user_id)


def channel(channel_id: str) -> Mrkdwn:
    """A link to a Slack channel."""
    return Mrkdwn(f"<#{channel_id}>") if _CHANNEL.fullmatch(channel_id) else escape(channel_id)


def link(url: str, label: str) -> Mrkdwn:
    """A link under a label; the label alone where the address is not one of the web."""
    if not _WEB_ADDRESS.fullmatch(url):
        return escape(label)
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{escape(label)}>")


def clip_markup(markup: str, limit: int) -> Mrkdwn:
    """Markup cut to a limit, never inside an entity, a mention or a link."""
    cut = clip(markup, limit)
    if cut != markup:
        cut = re.sub(r"(?:&[a-z]{0,3}|<[^>]*)$", "", cut.removesuffix(MORE)).rstrip() + MORE
    return Mrkdwn(cut)


def _bounded(text: str, limit: int) -> Mrkdwn:
    # An ampersand is five characters when escaped: without a second cut, a message full of them is too long.
    return clip_markup(escape(text), limit + limit // 4)


def _markup(part: object) -> Mrkdwn:
    return part if isinstance(part, Mrkdwn) else escape(str(part))
