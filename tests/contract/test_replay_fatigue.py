"""`spruce replay-fatigue` as its user runs it: a CSV in, a CSV out, clear words about what it cannot read."""

import csv
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from bot.domain.fatigue_rows import COLUMNS
from tests.sim.accounts import account
from tests.sim.export import lines

HEADER = ",".join(COLUMNS)
ROW = "act_1,ad1,2026-03-02,9000,8000,60000,50000,90,200,250.50,3,2,900,c1,500,12"


@pytest.fixture(scope="module")
def export():
    return [HEADER, *lines("act_1", account(1008, 1)), *lines("act_2", account(1008, 2))]


def replay(folder: Path, text: list[str], rule: str = "evidence"):
    rows, out = folder / "rows.csv", folder / "out.csv"
    rows.write_text("\n".join(text) + "\n", "utf-8")
    out.unlink(missing_ok=True)
    words = ["replay-fatigue", "--rule", rule, "--rows", str(rows), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], capture_output=True, text=True, timeout=120, check=False
    )
    return done, out.read_text("utf-8") if out.exists() else None


@pytest.mark.parametrize("rule", ["classic", "evidence"])
def test_every_delivering_day_gets_a_line(tmp_path, export, rule):
    done, answer = replay(tmp_path, export, rule)
    assert (done.returncode, done.stderr) == (0, "")
    got = list(csv.DictReader(answer.splitlines()))
    assert list(got[0]) == ["ad_id", "date", "status", "p", "loss", "loss_lo", "loss_hi", "rule"]
    given = [row for row in csv.DictReader(export) if float(row["impressions"]) > 0]
    assert sorted((row["ad_id"], row["date"]) for row in got) == sorted(
        (row["ad_id"], row["date"]) for row in given
    )
    assert {row["rule"] for row in got} == {rule}
    assert {row["status"] for row in got} <= {"insufficient_data", "healthy", "watch", "fatigued"}
    judged = [row for row in got if row["status"] != "insufficient_data"]
    assert all(row["loss"] for row in judged) or rule == "evidence"
    assert any(row["p"] for row in got) == (rule == "evidence")


def test_the_order_of_the_rows_and_of_the_columns_changes_no_byte(tmp_path, export):
    _, answer = replay(tmp_path, export)
    table = list(csv.reader(export))
    body = table[1:]
    Random(5).shuffle(body)  # noqa: S311
    turned = [list(reversed(row)) for row in [table[0], *body]]
    assert replay(tmp_path, [",".join(row) for row in turned])[1] == answer


def test_later_rows_change_no_earlier_line(tmp_path, export):
    _, answer = replay(tmp_path, export)
    cut = "2026-05-01"
    _, early = replay(tmp_path, [HEADER, *(row for row in export[1:] if row.split(",")[2] <= cut)])
    assert early.splitlines() == [
        row for row in answer.splitlines() if row.startswith("ad_id") or row.split(",")[1] <= cut
    ]


def test_spend_in_another_currency_changes_no_byte(tmp_path, export):
    place = COLUMNS.index("spend")
    dear = [row.split(",") for row in export[1:]]
    for row in dear:
        row[place] = str(float(row[place]) * 83)
    assert replay(tmp_path, [HEADER, *(",".join(row) for row in dear)])[1] == replay(tmp_path, export)[1]


def test_fifteen_thousand_rows_take_less_than_two_minutes(tmp_path):
    many, number = [HEADER], 0
    while len(many) < 15_000:
        many += lines(f"act_{number}", account(1007, number))
        number += 1
    began = time.perf_counter()
    done, _ = replay(tmp_path, many[:15_001])
    assert done.returncode == 0
    assert time.perf_counter() - began < 120


def changed(column: str, value: str) -> str:
    cells = ROW.split(",")
    cells[COLUMNS.index(column)] = value
    return ",".join(cells)


OTHER_ACCOUNT = changed("account_id", "act_2")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            [HEADER.replace("reach_7d", "reach7"), ROW],
            "Row 1: the column reach_7d is missing or there twice.",
        ),
        ([HEADER], "There are no rows under the header."),
        ([HEADER, ROW, ROW], "Rows 2 and 3 are both about ad ad1 on 2026-03-02."),
        ([HEADER, changed("clicks", "-1")], "Row 2, clicks: '-1' is not a number of 0 or more."),
        ([HEADER, changed("clicks", "")], "Row 2, clicks: '' is not a number of 0 or more."),
        ([HEADER, changed("spend", "nan")], "Row 2, spend: 'nan' is not a number of 0 or more."),
        ([HEADER, changed("value", "₹900")], "Row 2, value: '₹900' is not a number of 0 or more."),
        ([HEADER, changed("date", "02/03/2026")], "Row 2, date: '02/03/2026' is not a date like 2026-03-02."),
        ([HEADER, changed("ad_id", " ")], "Row 2, ad_id: empty."),
        ([HEADER, ROW + ",1"], "Row 2 has 17 columns, the header 16."),
        (
            [HEADER, ROW, changed("account_id", "act_2")],
            "Row 3, ad_id: ad1 belongs to another account above.",
        ),
        (
            [HEADER, ROW, changed("date", "2062-03-02")],
            "The rows span 13150 days, from 2026-03-02 to 2062-03-02; 1100 is the most.",
        ),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(tmp_path, text, sentence):
    done, answer = replay(tmp_path, text)
    assert (done.returncode, done.stderr, answer) == (1, f"spruce: {sentence}\n", None)


def test_an_ad_with_a_single_row_has_too_little_data(tmp_path):
    _, answer = replay(tmp_path, [HEADER, ROW])
    assert answer.splitlines()[1:] == ["ad1,2026-03-02,insufficient_data,,,,,evidence"]


def test_an_unknown_rule_and_a_missing_file_are_refused(tmp_path):
    done, _ = replay(tmp_path, [HEADER, ROW], "guess")
    assert done.stderr == "spruce: --rule 'guess': it is classic or evidence.\n"
    words = ["replay-fatigue", "--rows", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "No such file" in done.stderr
