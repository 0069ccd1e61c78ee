"""The collector rests while a large account is judged, and works again afterwards."""

import gc

import pytest

from bot.memory import Lull


def test_the_collector_rests_inside_and_works_afterwards():
    lull = Lull()
    with lull():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_rests_until_the_last_one_is_done():
    lull = Lull()
    with lull():
        with lull():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_does_not_leave_it_off():
    with pytest.raises(RuntimeError), Lull()():
        raise RuntimeError
    assert gc.isenabled()
