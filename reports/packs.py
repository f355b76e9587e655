"""The documents of a meeting as files: one kind for the county or some townships, or all kinds township by township."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.meeting.frames import focus_townships
from analysis.meeting.material import Material
from analysis.meeting.plan import default_plan
from reports.bulletin import bulletin
from reports.files import Unwritten, write_all
from reports.pictures import picture_archive, pictures
from reports.slides import deck
from reports.workbook import workbook

SLIDES, BULLETIN, WORKBOOK, PICTURES = "slides", "bulletin", "workbook", "pictures"
SUFFIXES = {SLIDES: ".pptx", BULLETIN: ".docx", WORKBOOK: ".xlsx", PICTURES: ".zip"}
WORDS = {SLIDES: "幻灯片", BULLETIN: "通报", WORKBOOK: "工作簿", PICTURES: "图片"}


@dataclass(frozen=True)
class How:
    """How documents are made: the county's own slide template, and whether the bulletin is final."""

    template: Path | None = None
    is_final: bool = False


def document(kind: str, material: Material, how: How) -> bytes:
    """Return one document; pictures come as one archive.

    Raises
    ------
    reports.slides.UnusableTemplate
        The county's template cannot be used.
    """
    makers: dict[str, Callable[[], bytes]] = {
        SLIDES: lambda: deck(material, default_plan(focus_townships(material)), template=how.template),
        BULLETIN: lambda: bulletin(material, is_final=how.is_final),
        WORKBOOK: lambda: workbook(material),
        PICTURES: lambda: picture_archive(material),
    }
    return makers[kind]()


def files(kind: str, material: Material, out: Path, how: How) -> dict[Path, bytes]:
    """Return the files of one kind: `out` itself, or for pictures a PNG and an SVG each in the folder `out`."""
    if kind == PICTURES and out.suffix != SUFFIXES[PICTURES]:
        drawn = pictures(material)
        return {out / f"{each.name}.png": each.png for each in drawn} | {
            out / f"{each.name}.svg": each.svg for each in drawn
        }
    return {out: document(kind, material, how)}


def pack(material: Material, folder: Path, how: How) -> dict[Path, bytes]:
    """Return all documents of a material as files of a folder, named after its place and day."""
    figures = material.figures
    stem = f"{'、'.join(figures.names[code] for code in figures.names if code in figures.chosen)}"
    found: dict[Path, bytes] = {}
    for kind, word in WORDS.items():
        name = word if kind == PICTURES else f"{stem}-{word}-截至{figures.as_of:%Y%m%d}{SUFFIXES[kind]}"
        found |= files(kind, material, folder / name, how)
    return found


def write_packs(materials: Iterable[Material], folder: Path, how: How, *, done: Callable[[], object]) -> list[str]:
    """Write a pack per material, each in a folder of its own; return what could not be written, in sentences.

    Parameters
    ----------
    materials
        One township each, in the fixed order.
    done
        Called after each.
    """
    faults = []
    for material in materials:
        figures = material.figures
        number, name = next((i, figures.names[c]) for i, c in enumerate(figures.names, 1) if c in figures.chosen)
        try:
            write_all(pack(material, folder / f"{number:02d}-{name}", how))
        except Unwritten as unwritten:
            faults.append(str(unwritten))
        done()
    return faults
