"""Numbers, days and moments the way an account's people write them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal, get_currency_symbol

from bot.domain.days import local_day, zone
from bot.domain.findings import Quantity, Unit
from bot.domain.money import minor_factor
from bot.domain.structure import Account

NONE = "–"
_ABSURD = 1e16  # no account holds as many of anything
_SMALL = 100  # below so many major units the minor ones still matter
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Notation:
    """Writes money, counts and moments for one account: its currency, grouping and time zone."""

    currency: str
    timezone_name: str

    @classmethod
    def of(cls, account: Account) -> "Notation":
        """The notation of an account."""
        return cls(account.currency, account.timezone_name)

    @property
    def _locale(self) -> str:
        # Rupees are grouped by lakh and crore (1,23,45,678) wherever the reader sits.
        return "en_IN" if self.currency == "INR" else "en_US"

    def money(self, minor: float, *, fine: bool = False) -> str:
        """An amount, with minor units only below 100 or when asked for: ₹12,34,567, ₹48.60, -₹500."""
        places = self._places(abs(minor), fine=fine)
        major = _rounded(Decimal(str(minor)) / minor_factor(self.currency), places)
        symbol = get_currency_symbol(self.currency, locale=self._locale)
        gap = "\u00a0" if symbol[-1:].isalpha() else ""
        pattern = "#,##0.00" if places else "#,##0"
        digits = format_decimal(abs(major), format=self._grouped(pattern), locale=self._locale)
        return f"{'-' if major < 0 else ''}{symbol}{gap}{digits}"

    def count(self, number: float) -> str:
        """A number of things, grouped: 1,23,400; averages and expectations below ten keep a decimal: 4.2."""
        places = 0 if float(number).is_integer() or abs(number) >= 10 else 1
        rounded = _rounded(Decimal(str(number)), places)
        return format_decimal(rounded, format=self._grouped("#,##0.#"), locale=self._locale)

    def quantity(self, quantity: Quantity, *, fine: bool = False) -> str:
        """A quantity by its unit; a dash where a rule had nothing sensible to say."""
        if not abs(quantity.amount) < _ABSURD:  # so that not-a-number fails too
            return NONE
        if quantity.unit is Unit.MONEY:
            return self.money(quantity.amount, fine=fine)
        if quantity.unit is Unit.PERCENT:
            return percent(quantity.amount)
        if quantity.unit is Unit.SHARE:
            return whole_percent(quantity.amount)
        return multiple(quantity.amount) if quantity.unit is Unit.MULTIPLE else self.count(quantity.amount)

    def pair(self, first: Quantity, second: Quantity) -> tuple[str, str]:
        """Two quantities to be compared; finer where they would read the same."""
        coarse = self.quantity(first), self.quantity(second)
        if coarse[0] != coarse[1]:
            return coarse
        return self.quantity(first, fine=True), self.quantity(second, fine=True)

    def moment(self, at: datetime, *, seen_on: datetime, named: bool = False) -> str:
        """A time of day with its zone, and the day unless it is `seen_on`'s and need not be `named`."""
        local, reader = (time.astimezone(zone(self.timezone_name)) for time in (at, seen_on))
        clock = f"{local:%H:%M} {zone_name(local)}"
        if local.date() == reader.date() and not named:
            return clock
        return f"{day(local.date(), year=local.year != reader.year)}, {clock}"

    def same_day(self, first: datetime, second: datetime) -> bool:
        """Whether both fall on one day of the account."""
        return local_day(first, self.timezone_name) == local_day(second, self.timezone_name)

    def zone_label(self, at: datetime) -> str:
        """The zone that times are in: "IST (Asia/Kolkata)"."""
        return f"{zone_name(at.astimezone(zone(self.timezone_name)))} ({self.timezone_name})"

    def _grouped(self, pattern: str) -> str:
        return pattern.replace("#,##0", "#,##,##0") if self._locale == "en_IN" else pattern

    def _places(self, minor: float, *, fine: bool) -> int:
        factor = minor_factor(self.currency)
        major = _rounded(Decimal(str(minor)) / factor, 2)
        return 2 if factor > 1 and major and (fine or major < _SMALL) else 0


def percent(fraction: float) -> str:
    """A share: 0.93%, 12.5%, 85%; two digits below ten, none from a hundred."""
    hundredths = Decimal(str(fraction)) * 100
    size = abs(hundredths)
    places = 2 if size < 10 else 1 if size < 100 else 0
    return f"{_rounded(hundredths, places):f}%"


def whole_percent(fraction: float) -> str:
    """A share without decimals, for parts of a whole: 85%."""
    return f"{_rounded(Decimal(str(fraction)) * 100, 0):f}%"


def multiple(number: float) -> str:
    """A return on spend: 3.20x, 2.21x, 12.5x; a column of them lines up."""
    return f"{_rounded(Decimal(str(number)), 2 if abs(number) < 10 else 1):f}x"


def change(now: float | None, before: float | None) -> str | None:
    """How far from before: "+62%", "-15%", "12x"; None where a comparison says nothing."""
    if now is None or before is None or before <= 0 or not 0 <= now < _ABSURD:
        return None
    ratio = now / before
    if ratio >= 1_000:
        return "over 1,000x"
    if ratio >= 10:
        return f"{_rounded(Decimal(str(ratio)), 0):f}x"
    points = _rounded(Decimal(str(ratio - 1)) * 100, 0)
    return f"{points:+f}%" if points else "unchanged"


def above_or_below(value: float, level: float) -> str | None:
    """How far a value stands from a level: "62% above", "34% below", "12x"."""
    moved = change(value, level)
    if moved is None or moved == "unchanged":
        return None
    if moved.endswith("x"):
        return f"{moved} as much"
    return f"{moved[1:]} {'above' if moved[0] == '+' else 'below'}"


def duration(length: timedelta) -> str:
    """A length of time in its two largest parts: "45 min", "3 h 10 min", "2 d 4 h"."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    return f"{left} min" if left else "less than 1 min"


def day(of: date, *, year: bool = False) -> str:
    """A date: "22 Nov", "22 Nov 2026"."""
    return f"{of.day} {_MONTHS[of.month - 1]}{f' {of.year}' if year else ''}"


def days(first: date, last: date) -> str:
    """A stretch of days: "22 Nov 2026", "15 Nov to 21 Nov 2026"."""
    if first == last:
        return day(last, year=True)
    return f"{day(first, year=first.year != last.year)} to {day(last, year=True)}"


def zone_name(local: datetime) -> str:
    """The zone's abbreviation, or its distance from UTC where it has none: "IST", "UTC+04:00"."""
    abbreviation = local.tzname() or ""
    if abbreviation[:1].isalpha():
        return abbreviation
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def attribution(setting: str | None) -> str:
    """Meta's `attribution_setting` in words: "7d_click_1d_view" is "7-day click, 1-day view".

    Several settings, between commas, come out between semicolons.
    """
    if setting and ", " in setting:
        return "; ".join(attribution(one) for one in setting.split(", "))
    names = {"click": "click", "view": "view", "ev": "engaged view"}
    parts = (setting or "").split("_")
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    understood = len(parts) % 2 == 0 and all(span.endswith("d") and kind in names for span, kind in pairs)
    if not setting or not understood:
        return setting or "not read"
    return ", ".join(f"{span[:-1]}-day {names[kind]}" for span, kind in pairs)


def _rounded(number: Decimal, places: int) -> Decimal:
    # Adding zero turns -0 into 0, so that nothing reads "-₹0".
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0
