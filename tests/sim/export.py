"""A made-up account as the rows that `spruce replay-fatigue` reads."""

from collections.abc import Iterator

from tests.sim.accounts import Account


def lines(account_id: str, made: Account) -> Iterator[str]:
    """One line per delivering day, in the order of `bot.domain.fatigue_rows.COLUMNS`."""
    panel = made.panel
    for ad, name in enumerate(panel.ad_ids):
        for day in range(panel.days):
            if not panel.delivered[ad, day]:
                continue
            counts = (panel.impressions, panel.reach, panel.impressions_7d, panel.reach_7d)
            cells = [account_id, f"{account_id}-{name}", panel.day(day)]
            cells += [f"{table[ad, day]:.0f}" for table in (*counts, panel.clicks, panel.engagement)]
            bought = int(made.purchases[ad, day])
            cells += [f"{panel.spend[ad, day] / 100:.2f}", bought, int(bought * 0.6), bought * 40]
            cells += [
                f"c{panel.creative[ad, day]}",
                f"{made.budget[ad, day] / 100:.2f}",
                panel.age_days[ad, day],
            ]
            yield ",".join(map(str, cells))
