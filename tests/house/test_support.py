"""The browser and the database server that other tests lean on do start."""

import psycopg
import pytest

from tests.postgres_support import database_name, fresh_database


@pytest.mark.browser
def test_the_browser_draws_a_page_and_runs_its_script(page):
    page.set_content("<h1>Spruce</h1><script>document.title = 'ran'</script>")
    assert page.get_by_role("heading").inner_text() == "Spruce"
    assert page.title() == "ran"


@pytest.mark.browser
def test_the_browser_knows_no_machine_but_this_one(page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


@pytest.mark.postgres
def test_each_test_gets_an_empty_database_of_its_own(postgres_url, postgres_database):
    with psycopg.connect(_plain(postgres_database), autocommit=True) as connection:
        connection.execute("CREATE TABLE mine (id integer)")
    with fresh_database(postgres_url) as other, psycopg.connect(_plain(other)) as connection:
        assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)


@pytest.mark.postgres
def test_a_prepared_database_can_be_copied(postgres_url, postgres_database):
    with psycopg.connect(_plain(postgres_database), autocommit=True) as connection:
        connection.execute("CREATE TABLE mine (id integer)")
    template = database_name(postgres_database)
    with fresh_database(postgres_url, template) as copy, psycopg.connect(_plain(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)


def _plain(url):
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
