"""Reference pictures of pages, a quarter of their size: compared block by block; `make references` writes them anew."""

import io
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from components.theme import FONTS

Grey = NDArray[np.uint8]
FOLDER = Path(__file__).parent / "reference"
SHRUNK = 4
BLOCK = 10
"""Shrunk pixels along a block's side: on the screen 40, two lines of text."""

NOTICED = 5.0
"""By how many of 255 steps of grey a block's mean must differ to count: more than another font's strokes make."""

TOLERATED = 0.02
"""The share of such blocks that passes: a word or a date, not a card, a chart or a moved block."""

COARSE = 0.4
"""What passes instead where this machine draws letters otherwise than the one that made the references."""

LETTERS = f"<body style='font: 16px {FONTS}; columns: 4'>" + "<p>常山县 2020年8月31日 化解率80.7% 第81天 Aa</p>" * 100


def tolerated(blank: Page) -> float:
    """Return the share that passes on this machine, by how it draws letters on a page of its own."""
    blank.set_content(LETTERS)
    return TOLERATED if differing_share(blank, "letters") < TOLERATED else COARSE


def differing_share(page: Page, name: str) -> float:
    """Return the share of the screen that differs from the reference picture `name`; writing it anew differs by none.

    Raises
    ------
    FileNotFoundError
        There is no reference yet.
    """
    seen = on_screen(page)
    path = FOLDER / f"{name}.webp"
    if os.environ.get("WRITE_REFERENCES"):
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(seen).save(path, quality=80, method=6)
        return 0.0
    if not path.is_file():
        raise FileNotFoundError(f"{path.name}: look at the page, then `make references`")
    return share(seen, np.asarray(Image.open(path).convert("L")))


def on_screen(page: Page) -> Grey:
    """Return what the window shows, in grey, a quarter of the size."""
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("L")
    return np.asarray(picture.resize((picture.width // SHRUNK, picture.height // SHRUNK), Image.Resampling.BOX))


def share(seen: Grey, known: Grey) -> float:
    """Return the share of blocks that differ visibly; all where the pictures are not of one size."""
    if seen.shape != known.shape:
        return 1.0
    return float((np.abs(_means(seen) - _means(known)) > NOTICED).mean())


def _means(picture: Grey) -> NDArray[np.float64]:
    high, wide = (size // BLOCK for size in picture.shape)
    blocks = picture[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK)
    return blocks.astype(float).mean(axis=(1, 3))
