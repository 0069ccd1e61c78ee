"""How the text of a setting becomes a value: one function each, a ValueError says what is wrong."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

_TARGETS = ("cost_per_purchase", "purchase_roas", "ctr", "cpc")  # as bot.domain.targets reads them
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?%?")
_PRICE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")


def url(text: str) -> str:
    """A web address without a slash at its end."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be a web address such as https://example.com")
    return text.strip().rstrip("/")


def slack_url(text: str) -> str:
    """The same with a slash at its end."""
    return url(text) + "/"  # slack_sdk joins method names to a base that ends in a slash


def words(text: str) -> tuple[str, ...]:
    """Words with commas or blanks between."""
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def accounts(text: str) -> tuple[str, ...]:
    """Ad accounts, act_ and digits each."""
    found = words(text)
    wrong = [word for word in found if not re.fullmatch(r"act_[0-9]{1,20}", word)]
    if wrong:
        raise ValueError(f"holds {wrong[0]!r}; an ad account is written act_ and digits")
    return found


def targets(text: str) -> Mapping[str, Mapping[str, str]]:
    """`act_1 cost_per_purchase=450 purchase_roas=2.5; act_2 cpc=12`."""
    found: dict[str, dict[str, str]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        account, *words = part.split()
        pairs = dict(word.partition("=")[::2] for word in words)
        odd = [name for name, value in pairs.items() if name not in _TARGETS or not _AMOUNT.fullmatch(value)]
        if not re.fullmatch(r"act_[0-9]{1,20}", account) or odd or not pairs:
            raise ValueError(
                f"holds {part[:60]!r}; write act_123 cost_per_purchase=450 purchase_roas=2.5, "
                f"with any of {', '.join(_TARGETS)}, and ; between accounts"
            )
        found[account] = pairs
    return found


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def choice(*choices: str) -> Callable[[str], str]:
    """One of several words."""

    def parse(text: str) -> str:
        if text.strip().lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.strip().lower()

    return parse


def database(text: str) -> str:
    """A database's address."""
    url = text.strip()
    for given in ("postgres://", "postgresql://"):
        if url.startswith(given):  # as hosting platforms write it; we drive PostgreSQL through psycopg 3
            url = "postgresql+psycopg://" + url.removeprefix(given)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return url


def amount(text: str) -> str:
    """A price or rate in major units, kept as it was written so that nothing is rounded."""
    if not _PRICE.fullmatch(text.strip()):
        raise ValueError("must be a number such as 85 or 0.75")
    return text.strip()


def money_by_currency(text: str) -> Mapping[str, int]:
    """`INR:100000,USD:1500`: whole major units for each currency; `none` for no amounts at all."""
    if text.strip().lower() == "none":
        return {}
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = re.fullmatch(r"([A-Z]{3}):([0-9]{1,9})", part)
        if match is None:
            raise ValueError(f"holds {part[:40]!r}; write INR:100000,USD:1500 or none")
        found[match[1]] = int(match[2])
    return found


def prices(text: str) -> Mapping[str, tuple[str, str]]:
    """`gemini-3.8-flash:0.75/3.75`: US dollars for a million tokens in and out, commas between models."""
    found: dict[str, tuple[str, str]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = re.fullmatch(r"([a-z0-9][a-z0-9.-]{1,60}):([0-9.]{1,10})/([0-9.]{1,10})", part)
        if match is None or not (_PRICE.fullmatch(match[2]) and _PRICE.fullmatch(match[3])):
            raise ValueError(f"holds {part[:60]!r}; write model-name:0.75/3.75")
        found[match[1]] = (match[2], match[3])
    return found


def model(text: str) -> str:
    """A model's id as Google writes it."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,60}", text.strip()):
        raise ValueError("must be a model's id such as gemini-3.8-flash")
    return text.strip()
