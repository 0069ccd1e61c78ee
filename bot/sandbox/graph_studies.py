"""Split tests: Marketing API, Ad Studies and Creative Testing, with their rules checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.graph_errors import bad_param, refused, unknown_object
from bot.sandbox.graph_making import Write
from bot.sandbox.world_book import Book
from bot.sandbox.world_objects import Account, Ad, Business, Cell, Study, Thing

CREATIVE_TEST = "SPLIT_TEST_V2"
_TYPES = frozenset({"SPLIT_TEST", CREATIVE_TEST})
_CELL_KEYS = frozenset({"name", "description", "treatment_percentage", "ads", "adsets", "campaigns"})
_MOST_CELLS = {"SPLIT_TEST": 150, CREATIVE_TEST: 5}
_MOST_ENTITIES, _MOST_STUDIES = 100, 100


def new_study(world: Book, business: Business, write: Write) -> Study:
    """The study that these parameters mean, or a refusal."""
    kind = write.needed("type")
    if kind not in _TYPES:
        raise bad_param(f"type {kind}: not modelled by the stand-in")
    begins, ends = _times(write)
    account = business.account
    cells = tuple(_cell(world, account, entry) for entry in write.needed("cells"))
    _check_cells(kind, cells)
    if kind == CREATIVE_TEST:
        _check_creative_test(write, cells)
    _check_free(world, account, cells, (begins, ends))
    kept = ("creative_test_config", "cooldown_start_time", "observation_end_time", "description")
    content = {name: write.params[name] for name in kept if name in write.params}
    name = str(write.needed("name"))
    return Study(world.new_id("24"), account, name, kind, begins, ends, cells, write.at, content)


def _times(write: Write) -> tuple[float, float]:
    begins, ends = float(write.needed("start_time")), float(write.needed("end_time"))
    if begins < write.at.timestamp() - 3600:
        raise bad_param("Param start_time must not be in the past")
    if ends <= max(begins, write.at.timestamp()):
        raise bad_param("Param end_time must be later than start_time and in the future")
    return begins, ends


def _cell(world: Book, account: Account, entry: Mapping[str, Any]) -> Cell:
    unknown = sorted(set(entry) - _CELL_KEYS)
    if unknown:
        raise bad_param(f'Invalid keys "{", ".join(unknown)}" were found in param "cells".')
    share = entry.get("treatment_percentage")
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share <= 100:
        raise bad_param("cells[treatment_percentage] must be a number above 0 and up to 100")
    ads = [ad for kind in ("ads", "adsets", "campaigns") for ad in _ads(world, account, entry.get(kind, []))]
    if not entry.get("name") or not ads:
        raise bad_param("cells: each needs a name and ads, adsets or campaigns")
    return Cell(world.new_id("25"), str(entry["name"]), float(share), tuple(ads))


def _ads(world: Book, account: Account, ids: Sequence[Any]) -> list[Ad]:
    if len(ids) > _MOST_ENTITIES:
        raise bad_param(f"cells: at most {_MOST_ENTITIES} objects in a cell")
    found: list[Ad] = []
    for one in ids:
        thing = world.find(str(one))
        if thing is None or not world.ads_of(thing) or world.ads_of(thing)[0].account is not account:
            raise unknown_object(str(one), "POST")
        found.extend(world.ads_of(thing))
    return found


def _check_cells(kind: str, cells: Sequence[Cell]) -> None:
    if not 2 <= len(cells) <= _MOST_CELLS[kind]:
        raise bad_param(f"cells: between 2 and {_MOST_CELLS[kind]} are needed for {kind}")
    if abs(sum(cell.percentage for cell in cells) - 100) > 0.01:
        raise bad_param("cells: the treatment percentages must sum up to 100")
    ads = [ad for cell in cells for ad in cell.ads]
    if len(set(ads)) < len(ads):
        raise bad_param("cells: an ad may be in one cell only")


def _check_creative_test(write: Write, cells: Sequence[Cell]) -> None:
    if any(len(cell.ads) != 1 for cell in cells):
        raise bad_param(f"cells: {CREATIVE_TEST} takes exactly one ad in each cell")
    config = write.needed("creative_test_config")
    if len({"daily_budget", "lifetime_budget_percentage"} & set(config)) != 1 or len(config) != 1:
        raise bad_param("creative_test_config must hold daily_budget or lifetime_budget_percentage")
    for name, other in (("cooldown_start_time", "start_time"), ("observation_end_time", "end_time")):
        if write.needed(name) != write.params[other]:
            raise bad_param(f"Param {name} must equal {other} for {CREATIVE_TEST}")


def _check_free(world: Book, account: Account, cells: Sequence[Cell], span: tuple[float, float]) -> None:
    mine = {ad for cell in cells for ad in cell.ads}
    begins, ends = span
    there = [study for study in world.studies if study.account is account]
    running = [one for one in there if one.begins < ends and world.delivery.ends(one, ends) > begins]
    if len(running) >= _MOST_STUDIES:
        raise bad_param(f"at most {_MOST_STUDIES} studies may run at once")
    if any(ad in mine for study in running for cell in study.cells for ad in cell.ads):
        raise refused(1815222, "Ad is in another test", "An ad can be in one running test only.")


def end_study(world: Book, study: Study, write: Write) -> None:
    """Bring the end forward, rename it, or cancel it."""
    deleted = write.params.get("status") == "DELETED"
    unknown = sorted(set(write.params) - {"end_time", "name", "observation_end_time", "status"})
    if unknown or not write.params:
        raise bad_param(f"{', '.join(unknown) or 'nothing to change'}: not modelled by the stand-in")
    now = write.at.timestamp()
    if "name" in write.params:
        world.rename(study, write.params["name"], write.at, write.actor)
    if deleted:
        world.set_status(study, "DELETED", write.at, write.actor)
    if deleted or "end_time" in write.params:
        ends = now if deleted else max(now, float(write.params["end_time"]))
        if ends > study.ends:
            raise bad_param("Param end_time: a running study can only be shortened in the stand-in")
        world.end_study(study, ends, write.at, write.actor)


def studies_of(world: Book, business: Thing) -> list[Study]:
    """The studies of a business's account."""
    account = getattr(business, "account", None)
    return [study for study in world.studies if study.account is account]


def cells_shown(study: Study) -> list[dict[str, Any]]:
    """The cells as the API lists them."""
    return [
        {
            "id": cell.id,
            "name": cell.name,
            "treatment_percentage": cell.percentage,
            "control_percentage": 0,
            "ad_entities_count": len(cell.ads),
            "ad_ids": [ad.id for ad in cell.ads],
        }
        for cell in study.cells
    ]
