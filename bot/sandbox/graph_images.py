"""Ad images: uploads kept byte for byte, and the pictures that were there before."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from io import BytesIO
from typing import Any

from bot.sandbox.graph_errors import bad_node_field, bad_param, refused
from bot.sandbox.graph_fields import parsed
from bot.sandbox.graph_pictures import Card, card_of, drawn, hashes_of
from bot.sandbox.graph_schema import fields_of
from bot.sandbox.graph_times import stamp
from bot.sandbox.world_book import Book
from bot.sandbox.world_objects import Account, Creative

_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
_SMALLEST = 200
_LARGEST_BYTES = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of one account; `data` is exactly what was received, or drawn when it is asked for."""

    account: Account
    hash: str
    name: str
    width: int
    height: int
    created_at: datetime
    content_type: str = "image/png"
    received: bytes = b""
    card: Card | None = None

    @property
    def data(self) -> bytes:
        """The bytes."""
        return drawn(self.card) if self.card else self.received


class Images:
    """The images of every account; `images[hash]` is what was uploaded under that hash."""

    def __init__(self, world: Book) -> None:
        self._world = world
        self._uploaded: dict[tuple[str, str], Picture] = {}
        self._old: dict[str, dict[str, Picture]] = {}

    def __getitem__(self, hash_: str) -> Picture:
        return next(picture for picture in self if picture.hash == hash_)

    def __iter__(self) -> Iterator[Picture]:
        return iter(tuple(self._uploaded.values()))

    def __len__(self) -> int:
        return len(self._uploaded)

    def get(self, account: Account, hash_: str) -> Picture | None:
        """The account's image with this hash: a hash means nothing in another account."""
        return self._uploaded.get((account.id, hash_)) or self._before(account).get(hash_)

    def of(self, account: Account) -> list[Picture]:
        """Every image of an account, uploads last."""
        return [*self._before(account).values(), *(one for one in self if one.account is account)]

    def keep(self, account: Account, data: bytes, name: str, at: datetime) -> Picture:
        """Take in an upload; the same bytes again are the same image."""
        hash_ = md5(data, usedforsecurity=False).hexdigest()
        kind, width, height = _measured(data)
        if min(width, height) < _SMALLEST:
            raise refused(1487195, "Image too small", f"The image must be {_SMALLEST} pixels at least.")
        picture = Picture(account, hash_, name, width, height, at, _TYPES[kind], data)
        return self._uploaded.setdefault((account.id, hash_), picture)

    def _before(self, account: Account) -> dict[str, Picture]:
        if account.id not in self._old:
            there = [one for one in self._world.creatives_of(account) if not one.content]
            found = (picture for creative in there for picture in _pictures(creative))
            self._old[account.id] = {picture.hash: picture for picture in found}
        return self._old[account.id]


def _pictures(creative: Creative) -> Iterator[Picture]:
    for place, hash_ in enumerate(hashes_of(creative)):
        card = card_of(creative, place)
        yield Picture(
            creative.account,
            hash_,
            f"{creative.name}.png",
            1080,
            card.height,
            creative.created_at,
            card=card,
        )


def _measured(data: bytes) -> tuple[str, int, int]:
    """The image's kind and size; anything that is not a whole PNG or JPEG is refused."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            kind, (width, height) = str(image.format), image.size
            image.load()
    except Exception:
        # PIL raises many things over broken files; Meta has one answer.
        title = "Error processing image"
        raise refused(1487197, title, "There was a problem processing the image for the ad.") from None
    if kind not in _TYPES or len(data) > _LARGEST_BYTES:
        raise refused(1487411, "FileTypeNotSupported", "The type of file is not supported.")
    return kind, width, height


def uploads(params: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> dict[str, bytes]:
    """What an upload brings, by the name it is answered under: form bytes or files of a multipart body."""
    if "copy_from" in params:
        raise bad_param("copy_from: not modelled by the stand-in")
    found = {name or part: data for part, (name, data) in files.items()}
    if "bytes" in params:
        try:
            found["bytes"] = base64.b64decode(params["bytes"], validate=True)
        except (binascii.Error, ValueError):
            raise refused(1487411, "FileTypeNotSupported", "The bytes are not base64.") from None
    if not found:
        raise bad_param("The parameter bytes is required")
    return found


def address(base: str, account: Account, hash_: str) -> str:
    """Where a picture is served."""
    return f"{base}/pictures/{account.id}/{hash_}"


def answered(picture: Picture, base: str) -> dict[str, Any]:
    """An upload's entry in the answer."""
    where = address(base, picture.account, picture.hash)
    shown = {"hash": picture.hash, "url": where, "url_128": where, "url_256": where}
    return {**shown, "height": picture.height, "width": picture.width, "name": picture.name}


def listed(images: Images, account: Account, params: Mapping[str, Any], base: str) -> list[dict[str, Any]]:
    """The adimages edge: by hash, name and least size, with the wanted fields."""
    names = tuple(wanted.name for wanted in parsed(params.get("fields"))) or ("hash",)
    for name in names:
        if name not in fields_of("image"):
            raise bad_node_field(name, "AdImage")
    found = [picture for picture in images.of(account) if _wanted(picture, params)]
    return [_shown(picture, names, base) for picture in found]


def _wanted(picture: Picture, params: Mapping[str, Any]) -> bool:
    hashes = params.get("hashes")
    return (
        (hashes is None or picture.hash in hashes)
        and params.get("name", picture.name) == picture.name
        and picture.width >= params.get("minwidth", 0)
        and picture.height >= params.get("minheight", 0)
    )


def _shown(picture: Picture, names: tuple[str, ...], base: str) -> dict[str, Any]:
    where = address(base, picture.account, picture.hash)
    known: dict[str, Any] = {
        "account_id": picture.account.id,
        "created_time": stamp(picture.created_at.timestamp(), picture.account.zone),
        "hash": picture.hash,
        "height": picture.height,
        "name": picture.name,
        "original_height": picture.height,
        "original_width": picture.width,
        "permalink_url": where,
        "status": "ACTIVE",
        "updated_time": stamp(picture.created_at.timestamp(), picture.account.zone),
        "url": where,
        "url_128": where,
        "width": picture.width,
    }
    shown = {name: known[name] for name in names if name in known}
    return {**shown, "id": f"{picture.account.id}:{picture.hash}"}
