"""Schema changes: Alembic set up in code, so that no second configuration file exists."""

from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    from alembic import command

    command.upgrade(_config(engine), "head")


def pending(engine: Engine) -> bool:
    """Whether the database lacks schema changes that this version needs."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    heads = set(ScriptDirectory.from_config(_config(engine)).get_heads())
    # Only a look: it must not wait for whoever is writing.
    with engine.execution_options(spruce_begin="DEFERRED").connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) != heads


def condition(engine: Engine) -> Literal["ready", "behind", "silent"]:
    """Whether the database answers and has the schema of this version."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return "behind" if pending(engine) else "ready"
    except SQLAlchemyError:
        return "silent"


def _config(engine: Engine) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config
