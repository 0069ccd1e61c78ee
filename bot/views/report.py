"""The answer to `/spruce report`: the account's figures by campaign beside the like period before."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.days import local_day
from bot.domain.findings import Quantity, Unit
from bot.domain.insights import Figures, total
from bot.domain.report import Mover, Report
from bot.views import kit, sights
from bot.views.figures import NONE, Notation, attribution, change, days, multiple, percent
from bot.views.markup import Mrkdwn, join, mrk, name, plain_name

MOST_CAMPAIGNS = 15
_MOST_MOVERS = 5
_MOST_SETTINGS = 3
_COLUMNS = ("Campaign", "Spend", "Purchases", "Cost per purchase", "ROAS", "CTR (link)")
_TITLES = {"today": "today", "7d": "the last 7 days"}
_STILL_MOVING = "Purchases are reported late: cost per purchase and ROAS of recent days still improve."
_PARTIAL = "Today is a partial day, and purchases are reported late: cost per purchase reads high, ROAS low."


def report(report: Report, *, now: datetime) -> kit.Message:
    """Totals with their change, a table of campaigns, what moved most, and what the figures rest on."""
    title = f"{plain_name(report.account.name, 60)}, {_TITLES.get(report.period, report.period)}"
    if not report.lines or not report.total.now.spend_minor:
        return _empty(report, title, now)
    totals, compared = _totals(report), _compared(report)
    blocks = [
        kit.header(title),
        kit.section(join([mrk("*{}*", totals), compared])),
        _table(report),
        _movers(report),
        kit.context(*_footer(report, now)),
    ]
    return kit.message(mrk("{}: {}. {}", title, totals, compared), blocks)


def cost_per_purchase(figures: Figures, written: Notation) -> str:
    """The cost, or what was spent without one: never a zero and never infinity."""
    price = figures.cost_per_purchase_minor
    if price is not None:
        return written.money(price)
    return f"no purchases for {written.money(figures.spend_minor)}" if figures.spend_minor else NONE


def _totals(report: Report) -> Mrkdwn:
    figures, written = report.total.now, Notation.of(report.account)
    spent = written.money(figures.spend_minor)
    if not figures.purchases:
        return mrk("{} spent, no purchases", spent)
    bought = f"{written.count(figures.purchases)} {'purchase' if figures.purchases == 1 else 'purchases'}"
    price, returned = cost_per_purchase(figures, written), multiple(figures.purchase_roas or 0)
    return mrk("{} spent, {} at {} each, ROAS {}", spent, bought, price, returned)


def _compared(report: Report) -> str:
    now, before = report.total.now, report.total.before
    moves = (
        ("spend", change(now.spend_minor, before.spend_minor)),
        ("purchases", change(now.purchases, before.purchases)),
        ("cost per purchase", change(now.cost_per_purchase_minor, before.cost_per_purchase_minor)),
        ("ROAS", change(now.purchase_roas, before.purchase_roas)),
        ("CTR (link)", change(now.ctr, before.ctr)),
    )
    told = [f"{metric} {moved}" for metric, moved in moves if moved]
    if not told:
        if not report.compared_with:
            return "Nothing to compare with yet: there is no reading of the like period before."
        return f"Nothing to compare with: no delivery {report.compared_with}."
    return f"Against {report.compared_with}: {', '.join(told)}."


def _table(report: Report) -> kit.Block:
    with_frequency = any(line.frequency is not None for line in (*report.lines, report.total))
    written = Notation.of(report.account)
    rows = [(line.entity.name, line.now, line.frequency) for line in report.lines[:MOST_CAMPAIGNS]]
    if rest := report.lines[MOST_CAMPAIGNS:]:
        # People are counted once for each campaign, so a frequency over several cannot be added up here.
        rows.append((f"{len(rest)} other campaigns", total(line.now for line in rest), None))
    rows.append(("All campaigns", report.total.now, report.total.frequency))
    heading = [*_COLUMNS, "Frequency"] if with_frequency else list(_COLUMNS)
    cells = [
        [*_row(title, figures, written), *([_frequency(often)] if with_frequency else [])]
        for title, figures, often in rows
    ]
    return kit.table([heading, *cells])


def _row(title: str, figures: Figures, written: Notation) -> list[str]:
    return [
        plain_name(title, kit.CELL),
        written.money(figures.spend_minor),
        written.count(figures.purchases),
        cost_per_purchase(figures, written),
        multiple(figures.purchase_roas or 0) if figures.purchases else NONE,
        NONE if figures.ctr is None else percent(figures.ctr),
    ]


def _frequency(often: float | None) -> str:
    return NONE if often is None else f"{often:.2f}"


def _movers(report: Report) -> kit.Block | None:
    if not report.movers:
        return None
    lines = [_mover(mover, Notation.of(report.account)) for mover in report.movers[:_MOST_MOVERS]]
    return kit.section(mrk("*What moved most*\n{}", join(lines)))


def _mover(mover: Mover, written: Notation) -> Mrkdwn:
    unit = Unit(mover.unit)
    before, now = written.pair(Quantity(unit, mover.before), Quantity(unit, mover.now))
    moved = change(mover.now, mover.before)
    ending = f" ({moved})" if moved else ""
    return mrk("• “{}”: {} from {} to {}{}", name(mover.entity.name), mover.metric, before, now, ending)


def _footer(report: Report, now: datetime) -> list[str | None]:
    account, sight, written = report.account, report.sight, Notation.of(report.account)
    partial = report.last_day >= local_day(now, account.timezone_name)
    basis = [
        days(report.first_day, report.last_day) + (_until(report, now) if partial else ""),
        f"{account.currency}, {written.zone_label(now)}",
        _settings(report.attribution_settings),
        join([sights.obstacle(account, sight, now), sights.age(account, sight, now)], ", "),
    ]
    return [join(basis, " · "), _PARTIAL if partial else _STILL_MOVING, report.frequency_note or None]


def _until(report: Report, now: datetime) -> str:
    read_at = report.sight.read_at
    return f" until {Notation.of(report.account).moment(read_at, seen_on=now)}" if read_at else ""


def _settings(settings: Sequence[str]) -> str:
    told = [attribution(setting) for setting in settings[:_MOST_SETTINGS]]
    more = len(settings) - _MOST_SETTINGS
    ending = f" and {more} more" if more > 0 else ""
    return f"attribution: {'; '.join(told) or 'not read'}{ending}"


def _empty(report: Report, title: str, now: datetime) -> kit.Message:
    sentence = f"Nothing was spent: {days(report.first_day, report.last_day)}."
    if report.sight.read_at is None:
        sentence = "Spruce has not read this account yet; its figures come with the first reading."
    blocks = [kit.header(title), kit.section(sentence), kit.context(*_footer(report, now))]
    return kit.message(mrk("{}: {}", title, sentence), blocks)
