"""Reading a large account: our way beside the tutorial's, in the same run, against the same stand-in.

    python bench/poll.py                 500 campaigns, 5,000 ads; about a minute, most of it the naive loop
    python bench/poll.py --quick         the naive loop on 200 ads, scaled up

The stand-in runs in a process of its own and every part in another, so that CPU and memory are those of
the reader alone. The database is not part of this. Ends with 1 when a promise is not kept.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from math import ceil

from _poll_parts import DAYS, PARTS, Place, measured, serve

from bot.domain.ids import AccountId
from bot.meta.insights import PAGE

Result = dict[str, float]
QUICK_SAMPLE = 200
TITLES = {
    "first_load": "first load, ours",
    "steady_cycle": "15-minute cycle, ours",
    "naive_loop": "first load, naive loop",
    "our_reading": "figures only, ours",
    "sdk_reading": "figures only, SDK objects",
    "parsing": "orjson over those bytes",
}


def main() -> int:
    """Parse the arguments and run everything, or one part of it in this process."""
    asked = _arguments()
    if asked.serve:
        serve(asked.campaigns, asked.ads)
        return 0
    if asked.part:
        place = Place(asked.url, asked.token, AccountId(asked.account), asked.sample)
        print(json.dumps(measured(asked.part, place)))
        return 0
    with _stand_in(asked.campaigns, asked.ads) as where:
        results = {name: _in_a_process(name, where, asked) for name in PARTS}
    _print_table(results, asked)
    return 0 if _print_verdicts(results, asked) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ads", type=int, default=5000)
    parser.add_argument("--campaigns", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="the naive loop on a sample of ads")
    for hidden in ("--part", "--url", "--token", "--account"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--sample", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _stand_in(campaigns: int, ads: int) -> Iterator[Place]:
    command = [sys.executable, __file__, "--serve", "--campaigns", str(campaigns), "--ads", str(ads)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield Place(**json.loads(line))
        finally:
            process.stdin.close()  # it lives as long as its standard input
            process.wait(timeout=30)


def _in_a_process(name: str, where: Place, asked: argparse.Namespace) -> Result:
    command = [sys.executable, __file__, "--part", name]
    for option, value in asdict(where).items():
        if value is not None:
            command += [f"--{option}", str(value)]
    if asked.quick and name == "naive_loop":
        command += ["--sample", str(min(QUICK_SAMPLE, asked.ads))]
    print(f"running {name.replace('_', ' ')} ...", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return _scaled(json.loads(done.stdout))


def _scaled(result: Result) -> Result:
    """A sampled naive loop as it would have been: lists as measured, calls for single ads multiplied."""
    share = result.get("share", 1.0)
    if share == 1.0:
        return result
    whole = {
        name: result[f"listing_{name}"] + (result[name] - result[f"listing_{name}"]) / share
        for name in ("wall", "cpu")
    }
    return {
        **result,
        **whole,
        "calls": result["would_be_calls"],
        "rows": result["rows"] / share,
        "sampled": 1,
    }


def _print_table(results: dict[str, Result], asked: argparse.Namespace) -> None:
    print(f"\n{asked.campaigns:,} campaigns, {asked.ads:,} ads, {DAYS} days; database apart\n")
    print(f"{'':28}{'Graph calls':>12}{'wall s':>10}{'CPU s':>10}{'rows':>10}{'peak MB':>10}")
    for name, title in TITLES.items():
        result = results[name]
        cpu = result.get("parsing_cpu", result["cpu"])
        wall = "" if name == "parsing" else f"{result['wall']:.2f}"
        calls = "" if name == "parsing" else f"{result['calls']:,.0f}"
        line = f"{calls:>12}{wall:>10}{cpu:>10.3f}{result['rows']:>10,.0f}{result['peak_mb']:>10.0f}"
        print(f"{title:28}{line}{'  (scaled from a sample)' if 'sampled' in result else ''}")
    first, naive = results["first_load"], results["naive_loop"]
    saved = {name: naive[name] / first[name] for name in ("calls", "wall", "cpu")}
    print("\nfirst load, the naive loop divided by ours: ", end="")
    print(", ".join(f"{name} {times:.0f}" for name, times in saved.items()))


def _print_verdicts(results: dict[str, Result], asked: argparse.Namespace) -> bool:
    print()
    verdicts = list(_verdicts(results, asked))
    for kept, text in verdicts:
        print(f"{'PASS' if kept else 'FAIL'}  {text}")
    return all(kept for kept, _ in verdicts)


def _verdicts(results: dict[str, Result], asked: argparse.Namespace) -> Iterator[tuple[bool, str]]:
    first, steady = results["first_load"], results["steady_cycle"]
    most_first, most_steady = _allowed(asked)
    yield first["calls"] <= most_first, f"first load in {first['calls']:.0f} calls, at most {most_first}"
    wanted = asked.ads * DAYS
    yield first["rows"] == wanted, f"first load of {first['rows']:,.0f} rows, {wanted:,} exist"
    yield steady["calls"] <= most_steady, f"a cycle in {steady['calls']:.0f} calls, at most {most_steady}"
    ours, theirs = results["our_reading"]["cpu"], results["sdk_reading"]["cpu"]
    base = results["parsing"]["parsing_cpu"]
    yield (
        ours <= 2 * base,
        (
            f"CPU from network to rows {ours / base:.2f} times that of parsing with orjson, at most 2 "
            f"(SDK objects: {theirs / base:.2f})"
        ),
    )
    day, week = results["memory_of_a_day"], results["memory_of_a_week"]
    yield (
        week["traced_mb"] <= day["traced_mb"] + 1,
        (
            f"peak memory {week['traced_mb']:.1f} MB over {week['calls']:.0f} pages, "
            f"{day['traced_mb']:.1f} MB over {day['calls']:.0f}"
        ),
    )


def _allowed(asked: argparse.Namespace) -> tuple[int, int]:
    """90 and 12 calls for 5,000 ads; in proportion to the pages for another size."""
    pages = ceil(asked.ads / PAGE)
    lists = ceil(asked.campaigns / PAGE) + ceil(asked.campaigns * 2 / PAGE) + 1
    first = pages * DAYS + pages + lists + 6
    return first, pages + 2


if __name__ == "__main__":
    sys.exit(main())
