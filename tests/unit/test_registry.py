"""One file in the right folder is all it takes, and a mistake in it is said plainly."""

import sys
from textwrap import dedent

import pytest

from bot.errors import ConfigurationFault
from bot.registry import discover, module_names

PLUGIN = """
    from types import SimpleNamespace
    RULE = SimpleNamespace(id={id!r})
"""


@pytest.fixture
def package(tmp_path, request):
    """Write a package with the given modules and return its name."""
    name = f"plugins_of_{request.node.name}"
    sys.path.insert(0, str(tmp_path))

    def write(**modules):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        for module, source in modules.items():
            (folder / f"{module}.py").write_text(dedent(source))
        return name

    yield write
    sys.path.remove(str(tmp_path))
    for module in [key for key in sys.modules if key.partition(".")[0] == name]:
        del sys.modules[module]


def test_what_every_module_exports_is_found_in_the_order_of_ids(package):
    name = package(z=PLUGIN.format(id="alpha"), a=PLUGIN.format(id="omega"))
    assert [rule.id for rule in discover(name, "RULE")] == ["alpha", "omega"]


def test_a_plugin_may_go_by_its_name_instead_of_an_id(package):
    name = package(a="from types import SimpleNamespace\nCOMMAND = SimpleNamespace(name='report')")
    assert [command.name for command in discover(name, "COMMAND")] == ["report"]


def test_the_contract_beside_the_plugins_is_not_one_of_them(package):
    name = package(base="", prompts="", scheduler="", _private="", a=PLUGIN.format(id="a"))
    assert len(discover(name, "RULE")) == 1
    assert module_names(name) == [f"{name}.a"]


def test_what_to_leave_out_can_be_said(package):
    name = package(a=PLUGIN.format(id="a"), odd="")
    assert len(discover(name, "RULE", skip=("odd",))) == 1


def test_a_doubled_id_stops_start_up_and_names_both_files(package):
    name = package(a=PLUGIN.format(id="same"), b=PLUGIN.format(id="same"))
    with pytest.raises(ConfigurationFault) as caught:
        discover(name, "RULE")
    assert caught.value.faults == [f"{name}.a and {name}.b both call themselves 'same'."]


def test_every_module_that_forgot_to_export_is_named_at_once(package):
    name = package(a="", b=PLUGIN.format(id="b"), c="RULE = object()")
    with pytest.raises(ConfigurationFault) as caught:
        discover(name, "RULE")
    assert caught.value.faults == [
        f"{name}.a does not export RULE.",
        f"{name}.c.RULE has neither an id nor a name.",
    ]


def test_an_empty_folder_has_nothing_to_offer(package):
    assert discover(package(), "RULE") == ()
