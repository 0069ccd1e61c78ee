"""The reference page lists every table once, and names the columns that are encrypted."""

from storage.base import Base
from storage.repositories import Repositories
from tests.house.tree import ROOT, first_table

PAGE = (ROOT / "docs" / "reference" / "storage.md").read_text("utf-8")


def test_the_page_lists_every_table():
    assert Repositories  # knowing every table
    assert sorted(first_table(PAGE)) == sorted(Base.metadata.tables)


def test_the_page_names_every_column_that_is_encrypted():
    sealed = {
        f"`{table.name}.{column.name}`"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert len(sealed) == 2
    assert {name for name in sealed if name not in PAGE} == set()
