"""What is counted can be read by a Prometheus server, from many threads at once."""

import threading
from itertools import count

import pytest

from bot.metrics import CATALOGUE, Metric, Metrics

CATALOGUE_FOR_TESTS = {
    "spruce_things_total": Metric("counter", "Things.", ("kind",)),
    "spruce_waiting": Metric("gauge", "Waiting."),
    "spruce_seconds": Metric("histogram", "Time.", ("job",), (0.1, 1.0)),
}


@pytest.fixture
def metrics():
    return Metrics(CATALOGUE_FOR_TESTS)


def test_the_text_is_what_prometheus_reads(metrics):
    metrics.count("spruce_things_total", kind="plain")
    metrics.count("spruce_things_total", 2, kind='odd "one"\n\\')
    metrics.gauge("spruce_waiting", 2.5)
    for seconds in (0.1, 0.5, 4):
        metrics.observe("spruce_seconds", seconds, job="poll")
    assert metrics.text().splitlines() == [
        "# HELP spruce_things_total Things.",
        "# TYPE spruce_things_total counter",
        r'spruce_things_total{kind="odd \"one\"\n\\"} 2',
        'spruce_things_total{kind="plain"} 1',
        "# HELP spruce_waiting Waiting.",
        "# TYPE spruce_waiting gauge",
        "spruce_waiting 2.5",
        "# HELP spruce_seconds Time.",
        "# TYPE spruce_seconds histogram",
        'spruce_seconds_bucket{job="poll",le="0.1"} 1',
        'spruce_seconds_bucket{job="poll",le="1"} 2',
        'spruce_seconds_bucket{job="poll",le="+Inf"} 3',
        'spruce_seconds_sum{job="poll"} 4.6',
        'spruce_seconds_count{job="poll"} 3',
    ]


def test_a_block_is_timed_even_when_it_fails(metrics):
    ticks = count(step=3)
    with pytest.raises(KeyError), metrics.timed("spruce_seconds", watch=lambda: next(ticks), job="poll"):
        raise KeyError
    assert metrics.value("spruce_seconds", job="poll") == 1
    assert 'spruce_seconds_sum{job="poll"} 3' in metrics.text()


def test_no_count_is_lost_between_threads(metrics):
    def work():
        for _ in range(1_000):
            metrics.count("spruce_things_total", kind="x")
            metrics.observe("spruce_seconds", 0.2, job="x")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert metrics.value("spruce_things_total", kind="x") == 4_000
    assert metrics.value("spruce_seconds", job="x") == 4_000


@pytest.mark.parametrize(
    ("use", "fault"),
    [
        (lambda m: m.count("spruce_unheard_of"), "not in the catalogue"),
        (lambda m: m.count("spruce_waiting"), "is a gauge"),
        (lambda m: m.count("spruce_things_total"), "takes the labels"),
        (lambda m: m.count("spruce_things_total", -1, kind="x"), "never fall"),
        (lambda m: m.gauge("spruce_waiting", 1, extra="x"), "takes the labels"),
    ],
)
def test_a_misused_metric_is_refused(metrics, use, fault):
    with pytest.raises(ValueError, match=fault):
        use(metrics)


def test_two_processes_parts_share_nothing():
    one, other = Metrics(CATALOGUE_FOR_TESTS), Metrics(CATALOGUE_FOR_TESTS)
    one.gauge("spruce_waiting", 7)
    assert other.value("spruce_waiting") == 0


@pytest.mark.parametrize(("name", "metric"), CATALOGUE.items())
def test_the_catalogue_follows_prometheus_naming(name, metric):
    assert name.startswith("spruce_")
    assert name.endswith("_total") == (metric.kind == "counter")
    assert name.endswith("_seconds") == (metric.kind == "histogram")
    assert bool(metric.buckets) == (metric.kind == "histogram")
    assert metric.help.endswith(".")
