"""Field expansion: `id,creative.thumbnail_width(64){id,name},ads.limit(5){id}` as a tree."""

from dataclasses import dataclass

import msgspec

from bot.sandbox.graph_errors import GraphError


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requested field with the modifiers and inner fields that were written behind it."""

    name: str
    modifiers: tuple[tuple[str, str], ...] = ()
    inner: "tuple[Wanted, ...] | None" = None


def parsed(text: str | None) -> tuple[Wanted, ...]:
    """The tree for a `fields` value, either Meta's notation or a JSON list as the SDK posts it."""
    if not text:
        return ()
    if text.startswith("["):
        try:
            text = ",".join(msgspec.json.decode(text, type=list[str]))
        except msgspec.DecodeError:
            raise _syntax(text, 0) from None
    reader = _Reader(text)
    tree = reader.fields()
    if reader.place != len(text):
        raise _syntax(text, reader.place)
    return tree


def _syntax(text: str, place: int) -> GraphError:
    shown = text[place : place + 20] or "end of string"
    return GraphError(2500, f"Syntax error \"Unexpected '{shown}' at character {place + 1}: {text[:80]}\"")


class _Reader:
    """A small recursive-descent reader; it remembers how far it has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def fields(self) -> tuple[Wanted, ...]:
        """A comma-separated list of fields; a repeated field counts once."""
        found = {}
        while True:
            field = self._field()
            found[field.name] = field
            if not self._take(","):
                return tuple(found.values())

    def _field(self) -> Wanted:
        name = self._word()
        modifiers = []
        while self._take("."):
            modifiers.append((self._word(), self._argument()))
        inner = None
        if self._take("{"):
            inner = self.fields()
            self._need("}")
        return Wanted(name, tuple(modifiers), inner)

    def _word(self) -> str:
        begin = self.place
        while self.place < len(self.text) and (
            self.text[self.place].isalnum() or self.text[self.place] == "_"
        ):
            self.place += 1
        if begin == self.place:
            raise _syntax(self.text, self.place)
        return self.text[begin : self.place]

    def _argument(self) -> str:
        self._need("(")
        begin, depth = self.place, 1
        while self.place < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[self.place], 0)
            self.place += 1
            if depth == 0:
                return self.text[begin : self.place - 1]
        raise _syntax(self.text, self.place)

    def _take(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.place)
        self.place += len(mark) if found else 0
        return found

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise _syntax(self.text, self.place)
