"""Variations of an ad and what was noted about them, before any person decides."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.creatives import Copy, CreativeContent, Part
from bot.domain.ids import AccountId, ObjectId, UserId
from bot.domain.money import Money


class Gravity(StrEnum):
    """What a note means for the variation."""

    BLOCK = "block"  # it cannot be approved as it is
    WARN = "warn"  # a person should think about it
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a check has to say: which check, which part, and the reason in a sentence.

    The sentence is the product's own words; a word quoted from the copy is in `quote`.
    """

    gravity: Gravity
    code: str  # "too_long", "personal_attribute", "near_duplicate", ...
    sentence: str
    part: Part | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """One alternative to an ad's creative. `picture` is the SHA-256 of new picture bytes, or empty."""

    n: int  # 1, 2, 3 as people call it
    angle: str  # what it tries, in a few words: "Result first", "Price up front"
    changed: Part | None  # the one thing that differs; None once a person edited it freely
    copy: Copy
    picture: str = ""
    notes: tuple[Note, ...] = ()
    edited_by: UserId | None = None

    @property
    def blocked(self) -> bool:
        """Whether a check forbids it as it is."""
        return any(note.gravity is Gravity.BLOCK for note in self.notes)


@dataclass(frozen=True, slots=True)
class Brand:
    """How an account speaks and what it never says; set by its people."""

    voice: str = ""  # a few sentences
    banned_words: tuple[str, ...] = ()
    special_category: str = ""  # Meta's special ad category, where the account advertises in one
    ai_label: bool = False  # show the AI label of the Indian advertising code on made pictures


@dataclass(frozen=True, slots=True)
class Winner:
    """One of the account's own ads that does well, shown to the writer as an example."""

    ad_id: ObjectId
    name: str
    copy: Copy
    ctr: float  # link clicks per impression
    purchase_roas: float | None


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a writer is told. All texts in it are untrusted data, never instructions."""

    account_id: AccountId
    original: CreativeContent
    placements: tuple[str, ...]  # keys of bot.domain.placements
    performance: str  # our own sentence: what fell from what to what
    winners: tuple[Winner, ...]
    brand: Brand
    count: int = 3
    direction: str = ""  # a person's wish for the next round, a sentence
    earlier: tuple[Copy, ...] = ()  # variations that were shown before and not wanted
    picture: bytes = b""  # the present picture, where it could be read
    pictures_wanted: bool = False
    complaint: str = ""  # what was wrong with the writer's previous answer


@dataclass(frozen=True, slots=True)
class Draft:
    """A variation as a writer gave it, unchecked."""

    angle: str
    changed: Part
    copy: Copy
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one request used, as the provider counts (usageMetadata); thinking bills as output."""

    prompt: int = 0
    output: int = 0
    thoughts: int = 0
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A writer's answer."""

    drafts: tuple[Draft, ...]
    writer: str  # "google-generativeai", "google-genai", "offline"
    model: str
    tokens: Tokens
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What requests cost, at the rate used."""

    money: Money
    usd_rate: str = ""  # "1 USD = ₹85.00", empty where nothing was converted
