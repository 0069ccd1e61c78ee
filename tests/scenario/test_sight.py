"""What is said when an account cannot be seen, and what a reading never does."""

import threading

from bot.sandbox.graph_faults import permission, slow, throttled, transient
from storage.polls import Poll
from tests.scenario.stage import CEDAR, WILLOW, Place, application_on
from tests.talk import OWNER, TEAMMATE, Bot

BLIND, SEES = "cannot see Tulsi Lane India", "sees Tulsi Lane India again"


def test_a_dead_token_is_said_once_with_the_way_out_and_its_repair_once(bot: Bot):
    bot.graph.gate.revoke(CEDAR.meta_token, 463)
    bot.passes(minutes=30)
    notice = bot.notices()
    assert [BLIND in one.words() for one in notice] == [True]
    assert "it has expired" in notice[0].words()
    assert "Make a new access token" in notice[0].words()
    before = len(calls_of(bot, CEDAR))
    bot.passes(hours=3, step=30)
    assert bot.notices() == notice
    assert len(calls_of(bot, CEDAR)) - before <= 3, "a dead token is tried once an hour"
    assert "has not been able to see this account" not in bot.alert("Ad rejected", WILLOW).words()

    bot.graph.gate.restore(CEDAR.meta_token)
    bot.passes(hours=2, step=30)
    assert [BLIND in one.words() for one in bot.notices()] == [True, False]
    assert SEES in bot.notices()[-1].words()
    assert bot.notices(WILLOW) == []


def test_nothing_is_judged_and_nothing_resolved_while_an_account_is_not_seen(bot: Bot):
    alert = bot.alert("Ad rejected")
    bot.stand_ins.reviews(bot.stand_ins.rejected[CEDAR], "ACTIVE")
    bot.graph.gate.revoke(CEDAR.meta_token)
    bot.passes(hours=3, step=30)
    assert bot.now(alert).buttons() == alert.buttons()
    assert "Resolved" not in bot.now(alert).words()


def test_a_missing_permission_names_what_to_do(bot: Bot):
    bot.graph.faults.add("GET", permission(200), times=1000, params={})
    bot.passes(minutes=15)
    bot.graph.faults.clear()
    assert [BLIND in one.words() for one in bot.notices()] == [True]
    assert "assign the ad account" in bot.notices()[0].words()


def test_one_account_that_fails_does_not_keep_the_other_waiting(bot: Bot):
    bot.graph.faults.add(bot.stand_ins.account(CEDAR), transient(1), times=10_000)
    bot.passes(minutes=45)
    assert {poll.outcome for poll in polls(bot, CEDAR)[1:]} == {"meta_transient"}
    assert {poll.outcome for poll in polls(bot, WILLOW)} == {"ok"}
    assert len(polls(bot, WILLOW)) == 4
    bot.graph.faults.clear()
    bot.passes(minutes=15)
    assert polls(bot, CEDAR)[-1].outcome == "ok"


def test_a_throttle_of_an_hour_is_said_at_once_and_waited_out(bot: Bot):
    bot.graph.faults.add(bot.stand_ins.account(CEDAR), throttled(80000, regain_minutes=60))
    bot.passes(minutes=15)
    assert [BLIND in one.words() for one in bot.notices()] == [True]
    assert "Spruce waits as long as Meta asks" in bot.notices()[0].words()
    before = len(calls_of(bot, CEDAR))
    bot.passes(minutes=45)
    assert len(calls_of(bot, CEDAR)) == before
    assert len(calls_of(bot, WILLOW)) > 0
    bot.passes(minutes=30)
    assert SEES in bot.notices()[-1].words()
    assert len(bot.notices()) == 2


def test_a_throttle_of_minutes_is_waited_out_in_silence(bot: Bot):
    bot.graph.faults.add(bot.stand_ins.account(CEDAR), throttled(80000, regain_minutes=5))
    bot.passes(minutes=45)
    assert bot.notices() == []
    assert polls(bot, CEDAR)[-1].outcome == "ok"


def test_figures_that_nobody_has_read_for_an_hour_are_said_to_be_old(bot: Bot):
    for _ in range(12):  # the process is alive and its readings do not come back
        bot.services.watching.check_sight()
        bot.stands_still(minutes=7)
    bot.services.delivery.deliver()
    assert [BLIND in one.words() for one in bot.notices()] == [True]
    assert "the newest figures are too old" in bot.notices()[0].words().lower()
    bot.settles()
    assert [SEES in one.words() for one in bot.notices()] == [False, True]
    assert len(bot.notices(WILLOW)) == 2


def test_after_eight_hours_off_there_is_one_reading_one_word_about_the_gap_and_no_burst(bot: Bot):
    bot.passes(minutes=15)
    before = {place: len(polls(bot, place)) for place in (CEDAR, WILLOW)}
    posts = [post.ts for post in bot.alerts()]
    bot.close()
    bot.stands_still(hours=8)
    bot.restarts()
    bot.settles()
    assert {place: len(polls(bot, place)) - before[place] for place in before} == {CEDAR: 1, WILLOW: 1}
    assert [SEES in one.words() for one in bot.notices()] == [True]
    assert "8 h" in bot.notices()[0].words()
    assert [post.ts for post in bot.alerts()][: len(posts)] == posts
    assert len(bot.alerts()) - len(posts) <= 1  # what went wrong meanwhile, as it is now
    bot.passes(minutes=30)
    assert len(bot.notices()) == 1


def test_an_account_is_never_read_twice_at_once(bot: Bot):
    other = application_on(bot.stand_ins, bot.database_url)
    bot.stands_still(minutes=15)
    bot.graph.faults.add("GET /insights", slow(0.3))
    account, done = bot.stand_ins.account(CEDAR), []
    threads = [
        threading.Thread(target=lambda app=app: done.append(app.services.watching.cycle(CEDAR.id, account)))
        for app in (bot.application, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert [report is None for report in sorted(done, key=lambda one: one is None)] == [False, True]
    assert len(polls(bot, CEDAR)) == 2


def test_a_reading_that_lost_its_claim_writes_nothing_more(bot: Bot):
    bot.stands_still(minutes=15)
    bot.graph.faults.add("GET /insights", slow(0.4))
    reports = []
    account = bot.stand_ins.account(CEDAR)
    reading = threading.Thread(target=lambda: reports.append(bot.services.watching.cycle(CEDAR.id, account)))
    reading.start()
    while not bot.graph.calls("GET", "/ads"):
        threading.Event().wait(0.01)
    bot.stands_still(minutes=25)  # longer than any claim lasts
    other = bot.services.watching.cycle(CEDAR.id, account)
    reading.join()
    assert other is not None
    assert other.outcome == "ok"
    assert [report.outcome for report in reports] == ["stale"]


def test_home_and_status_say_what_cannot_be_seen(bot: Bot):
    bot.graph.gate.revoke(CEDAR.meta_token)
    bot.passes(minutes=15)
    for words in (bot.opens_home(TEAMMATE), bot.says("/spruce status", OWNER)):
        assert "Meta no longer accepts the access token" in words


def polls(bot: Bot, place: Place) -> list[Poll]:
    """The readings of an account, earliest first."""
    with bot.application.db.read(place.id) as tx:
        return tx.polls.of(bot.stand_ins.account(place))


def calls_of(bot: Bot, place: Place) -> list[object]:
    """What was asked of Meta with a place's own token."""
    return [call for call in bot.graph.calls() if call.token == place.channel]
