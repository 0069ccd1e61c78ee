"""How tired 100,000 ads are: from a SQLite file to findings, beside the numeric rules alone.

    python bench/fatigue_scale.py                    20 accounts of 5,000 ads, 28 days; two to three minutes
    python bench/fatigue_scale.py --accounts 2       a smaller one

Building the database is not counted. The process keeps to one core. Ends with 1 when a promise is not kept.
"""

import argparse
import os
import resource
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _fatigue_run import Run

MOST_SECONDS, MOST_MB, MOST_TIMES = 60.0, 700.0, 1.5


def main() -> int:
    """Build, run, print; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--ads", type=int, default=5_000, help="in each account")
    asked = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        run, built = _measured(f"sqlite:///{Path(folder) / 'scale.db'}", asked.accounts, asked.ads)
    return 0 if _told(run, built) else 1


def _measured(url: str, accounts: int, ads: int) -> "tuple[Run, float]":
    # Not before the process keeps to one core: numpy's own threads are as many as there are cores then.
    from _fatigue_database import account_id, build
    from _fatigue_run import Run

    from storage.db import Database
    from storage.vault import Vault

    db = Database(url, Vault({"k1": b"1" * 32}, secrets.token_bytes))
    print("building the database ...", file=sys.stderr, flush=True)
    clock = build(db, accounts, ads)
    built, run = _peak(), Run(db, clock)
    for number in range(accounts):
        run.account(account_id(number))
    db.close()
    return run, built


def _told(run: "Run", built: float) -> bool:
    print(f"\n{run.ads:,} ads, {run.rows:,} ad-days, {run.findings // 2:,} findings, one core\n")
    print(f"{'':44}{'wall s':>9}{'CPU s':>9}")
    for title, spent in (
        ("the rules alone, on panels in memory", run.kernel),
        ("database to findings, days packed", run.whole),
        ("the same day once more", run.again),
        ("packing 28 days of every account first", run.packing),
    ):
        print(f"{title:44}{spent.wall:9.2f}{spent.cpu:9.2f}")
    cold = run.whole.wall + run.packing.wall
    times, peak = run.whole.cpu / run.kernel.cpu, _peak()
    print(f"\npeak memory {peak:.0f} MB (building the database: {built:.0f} MB)\n")
    kept = (
        (cold <= MOST_SECONDS, f"{cold:.1f} s with packing, at most {MOST_SECONDS:.0f}"),
        (peak <= MOST_MB, f"{peak:.0f} MB, at most {MOST_MB:.0f}"),
        (times <= MOST_TIMES, f"{times:.2f} times the rules alone (CPU), at most {MOST_TIMES}"),
    )
    for one, text in kept:
        print(f"{'PASS' if one else 'FAIL'}  {text}")
    return all(one for one, _ in kept)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
