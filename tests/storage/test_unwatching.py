"""An account that the settings no longer name is left alone, and its alerts end with the reason."""

from bot.domain.ids import AccountId
from tests.storage.samples import ACCOUNT, NOW, OURS, THEIRS, connect

OTHER = AccountId("act_777")


def test_only_what_is_wanted_stays_watched_and_only_in_this_workspace(database):
    connect(database)
    connect(database, THEIRS)
    with database.workspace(OURS) as tx:
        connection = tx.accounts.get(ACCOUNT).connection_id
        assert tx.accounts.keep_only(connection, [OTHER], NOW) == [ACCOUNT]
        assert tx.accounts.keep_only(connection, [OTHER], NOW) == []
        assert tx.accounts.all() == []
        assert tx.accounts.get(ACCOUNT) is not None
    with database.system_read() as tx:
        assert [one.workspace_id for one in tx.accounts.due(NOW, 10)] == [THEIRS]


def test_what_is_connected_again_is_watched_again(database):
    connect(database)
    with database.workspace(OURS) as tx:
        tx.accounts.keep_only(tx.accounts.get(ACCOUNT).connection_id, [], NOW)
    connect(database)
    with database.workspace(OURS) as tx:
        assert [one.account.id for one in tx.accounts.all()] == [ACCOUNT]
