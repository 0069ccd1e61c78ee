"""Thumbnails for the demo's page: a coloured card with the creative's title."""

from html import escape

from bot.sandbox.world_objects import Creative

_PALETTE = (
    ("#2f6f4f", "#a8d5a2"),
    ("#7a4b2a", "#f0c987"),
    ("#3c4f76", "#a7bed3"),
    ("#6b2d5c", "#f0a6ca"),
    ("#8a5a00", "#ffe08a"),
    ("#1f5f6b", "#9fd8d2"),
)


def thumbnail(creative: Creative) -> bytes:
    """An SVG that is the same for the same creative; its text is escaped."""
    dark, light = _PALETTE[int(creative.id) % len(_PALETTE)]
    play = f'<path d="M108 92l44 28-44 28z" fill="{dark}"/>' if creative.video else ""
    words = escape(creative.title[:26])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 240 240">'
        f'<rect width="240" height="240" fill="{light}"/><circle cx="120" cy="120" r="62" fill="#fff8"/>'
        f'{play}<rect y="188" width="240" height="52" fill="{dark}"/>'
        '<text x="120" y="220" text-anchor="middle" font-family="sans-serif" font-size="15" '
        f'fill="#fff">{words}</text></svg>'
    ).encode()
