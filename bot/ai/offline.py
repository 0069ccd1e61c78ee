"""The writer that needs nobody: it rearranges the ad's own words, says so, and invents nothing.

For the demo, for outages and where no key is set. The same brief gives the same drafts.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.ai.base import Provider, Writer
from bot.ai.bounds import links
from bot.ai.sentences import limits, sentences, stands_alone
from bot.clock import Clock
from bot.config import Settings
from bot.domain.creatives import Copy, Part
from bot.domain.variations import Brief, Draft, Tokens, Written

NAME = "offline"
_HEADLINE = 40  # characters that a headline shows nearly everywhere
_FOLD = 125  # characters of primary text before feeds cut it
_LEAST = 24  # characters below which a text says too little
_MOST = 3


class OfflineWriter:
    """Moves, lifts and shortens what is there; gives fewer drafts where there is too little."""

    name = NAME
    model = NAME

    def most(self, brief: Brief) -> Tokens:
        """Nothing is used."""
        return Tokens()

    def write(self, brief: Brief, *, timeout: float) -> Written:
        """At most `brief.count` drafts, none of them among `brief.earlier`; possibly none at all."""
        wanted = min(max(brief.count, 1), _MOST)
        seen = {brief.original.copy, *brief.earlier}
        drafts: list[Draft] = []
        for draft in _candidates(brief.original.copy):
            if draft.copy not in seen and not _banned(draft, brief) and len(drafts) < wanted:
                seen.add(draft.copy)
                drafts.append(draft)
        return Written(tuple(drafts), self.name, self.model, Tokens(), offline=True)


def _candidates(copy: Copy) -> Iterator[Draft]:
    """Every honest rearrangement, the most different ones first: one of each kind, then the rest."""
    own = sentences(copy.primary_text)
    kinds = [_led_by(copy, own), _lifted(copy, own), _shortened(copy, own), _headed(copy)]
    while kinds:
        for kind in tuple(kinds):
            draft = next(kind, None)
            if draft is None:
                kinds.remove(kind)
            else:
                yield draft


def _led_by(copy: Copy, own: list[str]) -> Iterator[Draft]:
    """A later sentence comes first; the others follow as they were."""
    for sentence in own[1:]:
        place = copy.primary_text.find(sentence, len(own[0]))
        if not stands_alone(sentence) or place < 0:
            continue
        before = copy.primary_text[:place].rstrip()
        after = copy.primary_text[place + len(sentence) :].lstrip(" \t")
        gap = "\n" if "\n" in copy.primary_text else " "
        rest = before + ("" if not after else after if after[0] == "\n" else " " + after)
        text = f"{_closed(sentence)}{gap}{rest}".strip()
        yield Draft("A later sentence first", Part.PRIMARY_TEXT, replace(copy, primary_text=text))


def _lifted(copy: Copy, own: list[str]) -> Iterator[Draft]:
    """A sentence of the text becomes the headline, where the ad has one."""
    if not copy.headline:
        return
    for sentence in (*own[1:], *own[:1]):
        headline = sentence.rstrip(".।")
        same = headline.casefold() == copy.headline.strip().rstrip(".।").casefold()
        fits = len(headline) <= _HEADLINE and not links(headline) and not headline.endswith("?")
        if stands_alone(sentence) and fits and not same:
            yield Draft("Own sentence as headline", Part.HEADLINE, replace(copy, headline=headline))


def _shortened(copy: Copy, own: list[str]) -> Iterator[Draft]:
    """Only what a feed shows before its fold, in whole sentences; conditions are never cut off."""
    for count in range(len(own) - 1, 0, -1):
        end = copy.primary_text.find(own[count - 1]) + len(own[count - 1])
        text = copy.primary_text[:end].strip()
        whole = sentences(text) == own[:count]
        if whole and _LEAST <= len(text) <= _FOLD and not any(limits(sentence) for sentence in own[count:]):
            yield Draft("Short, before the fold", Part.PRIMARY_TEXT, replace(copy, primary_text=text))


def _headed(copy: Copy) -> Iterator[Draft]:
    """The headline opens the text as well."""
    headline = copy.headline.strip()
    if headline and copy.primary_text and headline.casefold() not in copy.primary_text.casefold():
        text = f"{_closed(headline)} {copy.primary_text}"
        yield Draft("Headline opens the text", Part.PRIMARY_TEXT, replace(copy, primary_text=text))


def _closed(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?।॥…:" or not sentence[-1].isalnum() else f"{sentence}."


def _banned(draft: Draft, brief: Brief) -> bool:
    """Whether the changed part would bring a banned word where it did not stand before."""
    text, before = (copy.text_of(draft.changed).casefold() for copy in (draft.copy, brief.original.copy))
    return any(word.casefold() in text and word.casefold() not in before for word in brief.brand.banned_words)


def _build(settings: Settings, clock: Clock) -> Writer:
    return OfflineWriter()


PROVIDER = Provider(name=NAME, needs=(), package="", remedy="", build=_build)
