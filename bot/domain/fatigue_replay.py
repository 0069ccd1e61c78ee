"""Both fatigue rules over an export, day by day, each day judged with what was known on it."""

from collections.abc import Iterable, Iterator
from datetime import date

from bot.domain import classic, evidence
from bot.domain.fatigue import ClassicVerdict, EvidenceVerdict, Standing, Status
from bot.domain.fatigue_panel import Panel
from bot.domain.fatigue_rows import panels
from bot.errors import BadInput

HEADER = "ad_id,date,status,p,loss,loss_lo,loss_hi,rule"
RULES = ("classic", "evidence")


def replay(lines: Iterable[str], rule: str) -> Iterator[str]:
    """The lines of the answer, header first: one for every day an ad delivered, by account, ad and day.

    `status` is what a person would have been told on that day, so an evidence alert lasts until it has
    been calm. Fields that a rule does not have are empty. Raises `BadInput`.
    """
    if rule not in RULES:
        raise BadInput(f"--rule {rule[:40]!r}: it is {' or '.join(RULES)}.", field="rule")
    judged = [_classic(panel) if rule == "classic" else _evidence(panel) for panel in panels(lines)]
    yield HEADER
    for answers in judged:
        for ad_id, day, words in sorted(answers):
            yield f"{_cell(ad_id)},{day},{words},{rule}"


def _classic(panel: Panel) -> list[tuple[str, date, str]]:
    answers = []
    for day in range(panel.days):
        for row, verdict in enumerate(classic.assess(panel, day)):
            if panel.delivered[row, day]:
                answers.append((panel.ad_ids[row], panel.day(day), _classic_words(verdict)))
    return answers


def _classic_words(verdict: ClassicVerdict) -> str:
    judged = verdict.ctr is not None and verdict.status is not Status.INSUFFICIENT_DATA
    lost = f"{0.0 - verdict.ctr.change:.6f}" if verdict.ctr and judged else ""
    return f"{verdict.status},,{lost},,"


def _evidence(panel: Panel) -> list[tuple[str, date, str]]:
    answers = []
    for day, verdicts, standings in evidence.walk(panel, 0, panel.days - 1):
        for row, (verdict, standing) in enumerate(zip(verdicts, standings, strict=True)):
            if panel.delivered[row, day]:
                answers.append((panel.ad_ids[row], panel.day(day), _evidence_words(verdict, standing)))
    return answers


def _evidence_words(verdict: EvidenceVerdict, standing: Standing) -> str:
    if verdict.status is Status.INSUFFICIENT_DATA:
        return f"{standing.status},,,,"
    numbers = (verdict.p, verdict.loss, verdict.loss_low, verdict.loss_high)
    return f"{standing.status}," + ",".join(f"{number + 0.0:.6f}" for number in numbers)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text
