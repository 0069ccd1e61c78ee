"""Every file in a plug-in folder is a plug-in, called like its file."""

from importlib import import_module

import pytest

from bot.registry import discover, identity, module_names

FOLDERS = [("bot.rules", "RULE"), ("handlers.commands", "COMMAND"), ("jobs", "JOB")]


@pytest.mark.parametrize(("package", "export"), FOLDERS)
def test_every_module_exports_its_plugin_under_the_name_of_its_file(package, export):
    found = {
        module: identity(getattr(import_module(module), export, None)) for module in module_names(package)
    }
    assert found == {module: module.rpartition(".")[2] for module in found}
    assert len(discover(package, export)) == len(found) > 0
