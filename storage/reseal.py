"""Write stored tokens again with the first encryption key: `python -m storage.reseal`."""

import secrets
import sys
from contextlib import closing

from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.errors import ConfigurationFault, SpruceError
from storage.db import Database
from storage.migrate import condition
from storage.vault import Vault
from storage.workspaces import Resealed

_FAULTS = {
    "silent": "The database does not answer; check DATABASE_URL and the server.",
    "behind": "The database lacks schema changes; run `spruce migrate` first.",
}


def run(settings: Settings) -> Resealed:
    """Do it in one transaction."""
    keys = settings.encryption_keys
    vault = Vault.from_text(None if keys is None else keys.reveal(), secrets.token_bytes)
    if not vault.can_store:
        raise ConfigurationFault(["SPRUCE_ENCRYPTION_KEYS is empty; see docs/how-to/keys.md."])
    with closing(Database(settings.database_url, vault)) as database:
        if fault := _FAULTS.get(condition(database.engine)):
            raise SpruceError(fault)
        try:
            with database.system() as tx:
                return tx.workspaces.reseal()
        except SQLAlchemyError:
            raise SpruceError("The database stopped answering; nothing was written. Run it again.") from None


def main() -> int:
    """Run as a command: 0 when every stored token now names the first key."""
    try:
        done = run(Settings.from_process())
    except SpruceError as fault:
        sys.stderr.write(f"{fault.sentence}\n")
        return 1
    sys.stdout.write(f"{done.written} stored tokens were written with the first key.\n")
    if done.lost:
        sys.stdout.write(f"{done.lost} can be opened by no key that is set: install or connect again.\n")
    return 1 if done.lost else 0


if __name__ == "__main__":
    sys.exit(main())
