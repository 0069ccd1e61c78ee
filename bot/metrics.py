"""Counters, gauges and timers of one process, and the text a Prometheus server reads."""

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from bot.clock import stopwatch

Kind = Literal["counter", "gauge", "histogram"]
Labels = tuple[str, ...]

_FAST: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0)
_SLOW: Final = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)


@dataclass(frozen=True)
class Metric:
    """One measured thing; its labels are few and their values come from code, never from people or ads."""

    kind: Kind
    help: str
    labels: Labels = ()
    buckets: tuple[float, ...] = ()


CATALOGUE: Final[Mapping[str, Metric]] = {
    "spruce_alert_events_total": Metric("counter", "Alerts opened, updated and closed.", ("rule", "event")),
    "spruce_ai_requests_total": Metric("counter", "Requests to Google AI.", ("writer", "outcome")),
    "spruce_accounts_blind": Metric("gauge", "Ad accounts whose figures are too old to judge."),
    "spruce_graph_calls_total": Metric("counter", "Calls to Meta, by how their reading ended.", ("outcome",)),
    "spruce_job_runs_total": Metric("counter", "Runs of a scheduled job.", ("job", "outcome")),
    "spruce_job_seconds": Metric("histogram", "Duration of a job's run.", ("job",), _SLOW),
    "spruce_actions_total": Metric("counter", "Changes of ads that people asked for.", ("kind", "outcome")),
    "spruce_deliveries_total": Metric("counter", "Messages to Slack.", ("kind", "outcome")),
    "spruce_polls_total": Metric("counter", "Readings of an ad account.", ("outcome",)),
    "spruce_poll_seconds": Metric("histogram", "Duration of a reading.", (), _SLOW),
    "spruce_rule_failures_total": Metric("counter", "Rules that raised an error.", ("rule",)),
    "spruce_outbox_waiting": Metric("gauge", "Messages that wait to be posted."),
    "spruce_replacements_total": Metric("counter", "Replacements that came to rest.", ("outcome",)),
    "spruce_replacement_steps_total": Metric(
        "counter", "Steps of replacements, by how they ended.", ("kind", "outcome")
    ),
    "spruce_proposals_total": Metric("counter", "Variations proposed, decided and ended.", ("event",)),
    "spruce_request_ack_seconds": Metric("histogram", "Time to acknowledge a request.", ("kind",), _FAST),
    "spruce_request_seconds": Metric("histogram", "Time to deal with a request.", ("kind", "name"), _SLOW),
    "spruce_requests_total": Metric("counter", "Requests from Slack.", ("kind", "name", "outcome")),
    "spruce_rows_read_total": Metric("counter", "Rows of figures read from Meta."),
    "spruce_verdicts_total": Metric("counter", "Verdicts about new creatives.", ("call",)),
    "spruce_slack_calls_total": Metric("counter", "Calls to Slack's Web API.", ("method", "outcome")),
}


class _Histogram:
    """How many observations fell under each bound, their number and their sum."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def copy(self) -> "_Histogram":
        twin = _Histogram(self.bounds)
        twin.counts, twin.total = list(self.counts), self.total
        return twin


class Metrics:
    """What one process has counted since it started; safe to share between threads."""

    def __init__(self, catalogue: Mapping[str, Metric] = CATALOGUE) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._numbers: dict[str, dict[Labels, float]] = {}
        self._histograms: dict[str, dict[Labels, _Histogram]] = {}

    def count(self, name: str, amount: float = 1, /, **labels: str) -> None:
        """Add to a counter."""
        if amount < 0:
            raise ValueError(f"{name} is a counter, and counters never fall.")
        key = self._key(name, "counter", labels)
        with self._lock:
            series = self._numbers.setdefault(name, {})
            series[key] = series.get(key, 0.0) + amount

    def gauge(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge to what it is now."""
        key = self._key(name, "gauge", labels)
        with self._lock:
            self._numbers.setdefault(name, {})[key] = value

    def observe(self, name: str, seconds: float, /, **labels: str) -> None:
        """Record one duration."""
        key = self._key(name, "histogram", labels)
        with self._lock:
            series = self._histograms.setdefault(name, {})
            if key not in series:
                series[key] = _Histogram(self._catalogue[name].buckets)
            series[key].add(seconds)

    @contextmanager
    def timed(self, name: str, /, *, watch: Callable[[], float] = stopwatch, **labels: str) -> Iterator[None]:
        """Record how long the block took, whether or not it failed."""
        start = watch()
        try:
            yield
        finally:
            self.observe(name, watch() - start, **labels)

    def value(self, name: str, /, **labels: str) -> float:
        """A counter's or gauge's number, or how often a histogram was fed; 0 when nothing happened yet."""
        key = self._key(name, self._metric(name).kind, labels)
        with self._lock:
            if self._metric(name).kind == "histogram":
                histogram = self._histograms.get(name, {}).get(key)
                return float(sum(histogram.counts)) if histogram else 0.0
            return self._numbers.get(name, {}).get(key, 0.0)

    def text(self) -> str:
        """Everything in Prometheus's text format, version 0.0.4."""
        with self._lock:
            numbers = {name: dict(series) for name, series in self._numbers.items()}
            histograms = {
                name: {key: histogram.copy() for key, histogram in series.items()}
                for name, series in self._histograms.items()
            }
        lines: list[str] = []
        for name, metric in self._catalogue.items():
            lines += [f"# HELP {name} {metric.help}", f"# TYPE {name} {metric.kind}"]
            for key, number in sorted(numbers.get(name, {}).items()):
                lines.append(f"{name}{_labels(metric.labels, key)} {_number(number)}")
            for key, histogram in sorted(histograms.get(name, {}).items()):
                lines += _histogram_lines(name, metric.labels, key, histogram)
        return "\n".join(lines) + "\n"

    def _metric(self, name: str) -> Metric:
        if name not in self._catalogue:
            raise ValueError(f"{name} is not in the catalogue of bot.metrics.")
        return self._catalogue[name]

    def _key(self, name: str, kind: Kind, labels: Mapping[str, str]) -> Labels:
        metric = self._metric(name)
        if metric.kind != kind:
            raise ValueError(f"{name} is a {metric.kind} and was used as a {kind}.")
        if set(labels) != set(metric.labels):
            raise ValueError(f"{name} takes the labels {metric.labels}, not {tuple(sorted(labels))}.")
        return tuple(labels[label] for label in metric.labels)


def _histogram_lines(name: str, names: Labels, key: Labels, histogram: _Histogram) -> list[str]:
    lines: list[str] = []
    below = 0
    bounds = [*(_number(bound) for bound in histogram.bounds), "+Inf"]
    for bound, count in zip(bounds, histogram.counts, strict=True):
        below += count
        lines.append(f"{name}_bucket{_labels((*names, 'le'), (*key, bound))} {below}")
    lines.append(f"{name}_sum{_labels(names, key)} {_number(histogram.total)}")
    lines.append(f"{name}_count{_labels(names, key)} {below}")
    return lines


def _labels(names: Labels, values: Labels) -> str:
    if not names:
        return ""
    pairs = (f'{name}="{_escape(value)}"' for name, value in zip(names, values, strict=True))
    return "{" + ",".join(pairs) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
