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
from bot.domain.likeness import similarity
from bot.domain.variations import Brief, Draft, Tokens, Written

NAME = "offline"
_HEADLINE = 40  # characters that a headline shows nearly everywhere
_FOLD = 125  # characters of primary text before feeds cut it
_LEAST = 24  # characters below which a text says too little
_MOST = 3
_ALIKE = 0.8  # above it two texts pass for one; the check of copy refuses from 0.85 on


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
        shown: list[Copy] = [brief.original.copy, *brief.earlier]
        drafts: list[Draft] = []
        kinds = _kinds(brief.original.copy)
        while kinds and len(drafts) < wanted:
            kind = kinds.pop(0)
            draft = next((one for one in kind if _fresh(one, shown) and not _banned(one, brief)), None)
            if draft is not None:
                shown.append(draft.copy)
                drafts.append(draft)
                kinds.append(kind)  # behind those that have not had their turn
        return Written(tuple(drafts), self.name, self.model, Tokens(), offline=True)


def _fresh(draft: Draft, shown: list[Copy]) -> bool:
    """Whether the changed part is unlike that of everything shown so far."""
    text = draft.copy.text_of(draft.changed)
    return all(similarity(text, copy.text_of(draft.changed)) <= _ALIKE for copy in shown)


def _kinds(copy: Copy) -> list[Iterator[Draft]]:
    """Every honest rearrangement by kind, the most different kinds first."""
    own = sentences(copy.primary_text)
    return [_led_by(copy, own), _lifted(copy, own), _shortened(copy, own), _headed(copy, own)]


def _led_by(copy: Copy, own: list[str]) -> Iterator[Draft]:
    """A later sentence comes first, with as many of the others as it needs to be another text."""
    gap = "\n" if "\n" in copy.primary_text else " "
    for place, sentence in enumerate(own[1:], 1):
        others = own[:place] + own[place + 1 :]
        for kept in range(len(others), -1, -1):
            text = gap.join([_closed(sentence), *others[:kept]])
            dropped = any(limits(other) for other in others[kept:])
            if stands_alone(sentence) and len(text) >= _LEAST and not dropped:
                changed = replace(copy, primary_text=text)
                yield Draft("A later sentence first", Part.PRIMARY_TEXT, changed)


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


def _headed(copy: Copy, own: list[str]) -> Iterator[Draft]:
    """The headline opens the text, in place of as many sentences as it takes to be another text."""
    headline = copy.headline.strip()
    if not headline or headline.casefold() in copy.primary_text.casefold():
        return
    for dropped in range(len(own)):
        text = " ".join([_closed(headline), *own[dropped:]])
        if not any(limits(sentence) for sentence in own[:dropped]):
            changed = replace(copy, primary_text=text)
            yield Draft("Headline opens the text", Part.PRIMARY_TEXT, changed)


def _closed(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?।॥…:" or not sentence[-1].isalnum() else f"{sentence}."


def _banned(draft: Draft, brief: Brief) -> bool:
    """Whether the changed part would bring a banned word where it did not stand before."""
    text, before = (copy.text_of(draft.changed).casefold() for copy in (draft.copy, brief.original.copy))
    return any(word.casefold() in text and word.casefold() not in before for word in brief.brand.banned_words)


def _build(settings: Settings, clock: Clock) -> Writer:
    return OfflineWriter()


PROVIDER = Provider(name=NAME, needs=(), package="", remedy="", build=_build)
