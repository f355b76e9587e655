"""The outlines of the townships from a county's own GeoJSON, laid out for a drawing: percent of its width and height.

Source: RFC 7946. No outline stands in this repository: a county brings the file that it has approval to show.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any

MOST_BYTES = 5_000_000
MOST_POINTS = 50_000
KEYS = ("code", "name")
"""The properties that say which township an outline is of: its code, or its name."""

Ring = tuple[tuple[float, float], ...]


class UnusableMap(ValueError):  # noqa: N818
    """A file cannot be drawn; the message is the end of a Chinese sentence about it."""


@dataclass(frozen=True)
class Area:
    """One township: its rings, and where its name stands; x and y in percent of the drawing, y downwards."""

    rings: tuple[Ring, ...]
    label: tuple[float, float]


@dataclass(frozen=True)
class Outlines:
    """All townships of a file, by code and by name; `aspect` is the drawing's width over its height."""

    areas: dict[str, Area]
    aspect: float

    def area(self, *keys: str) -> Area | None:
        """Return the first area that has one of these codes or names."""
        return next((self.areas[key] for key in keys if key in self.areas), None)


@lru_cache(maxsize=4)
def read_outlines(path: Path) -> Outlines:
    """Read a file once.

    Raises
    ------
    UnusableMap
        It cannot be opened, is too large, or is not such a file.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnusableMap(f"指定的文件超过{MOST_BYTES // 1_000_000}MB，请先简化边界")
        return outlines_of(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise UnusableMap("指定的文件打不开") from None
    except UnusableMap:
        raise
    except (ValueError, RecursionError):
        raise UnusableMap("指定的文件不是有效的 GeoJSON") from None


def outlines_of(given: Any) -> Outlines:
    """Lay out a FeatureCollection of polygons whose properties have a code or a name.

    Raises
    ------
    UnusableMap
        Something of this is missing, twice there, or out of range; with the place in the file.
    """
    features = given.get("features") if isinstance(given, dict) else None
    if not isinstance(features, list) or not features or given.get("type") != "FeatureCollection":
        raise UnusableMap("指定的文件不是有效的 GeoJSON（应为含有要素的 FeatureCollection）")
    named: list[tuple[list[str], list[Ring]]] = []
    seen: set[str] = set()
    for number, feature in enumerate(features, 1):
        keys, rings = _keys(feature, number), list(_rings(feature, number))
        if seen & set(keys):
            raise UnusableMap(f"指定的文件中第{number}个要素与前面的重复（{min(seen & set(keys))}）")
        seen |= set(keys)
        named.append((keys, rings))
    if sum(len(ring) for _, rings in named for ring in rings) > MOST_POINTS:
        raise UnusableMap(f"指定的文件边界点超过{MOST_POINTS:,}个，请先简化边界")
    return _laid_out(named)


def _keys(feature: Any, number: int) -> list[str]:
    own = feature.get("properties") if isinstance(feature, dict) else None
    keys = [str(own[key]).strip() for key in KEYS if own.get(key)] if isinstance(own, dict) else []
    if not keys:
        raise UnusableMap(f"指定的文件中第{number}个要素没有乡镇（街道）的 code 或 name")
    return keys


def _rings(feature: dict[str, Any], number: int) -> Iterator[Ring]:
    """Give the rings of a polygon or of several; each has three corners at least and ends where it begins."""
    shape = feature.get("geometry")
    kind, held = (shape.get("type"), shape.get("coordinates")) if isinstance(shape, dict) else (None, None)
    polygons = [held] if kind == "Polygon" else held if kind == "MultiPolygon" else None
    fault = UnusableMap(f"指定的文件中第{number}个要素的边界不完整（应为 Polygon 或 MultiPolygon，用经纬度）")
    if not isinstance(polygons, list) or not polygons:
        raise fault
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise fault
        for ring in polygon:
            points = _points(ring)
            if len(points) < 4 or points[0] != points[-1]:
                raise fault
            yield points


def _points(ring: Any) -> Ring:
    """Return a ring as pairs of degrees; none where one is not a place on the earth."""
    try:
        points = tuple((float(point[0]), float(point[1])) for point in ring)
    except (TypeError, ValueError, IndexError, KeyError):
        return ()
    return points if all(isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90 for x, y in points) else ()


def _laid_out(named: list[tuple[list[str], list[Ring]]]) -> Outlines:
    points = [point for _, rings in named for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    if east == west or north == south:
        raise UnusableMap("指定的文件中的边界没有面积")

    def placed(ring: Ring) -> Ring:
        found: list[tuple[float, float]] = []
        for x, y in ring:
            point = (round(100 * (x - west) / (east - west), 1), round(100 * (north - y) / (north - south), 1))
            if not found or point != found[-1]:
                found.append(point)
        return tuple(found)

    areas: dict[str, Area] = {}
    for keys, rings in named:
        own = tuple(placed(ring) for ring in rings)
        area = Area(own, _middle(max(own, key=lambda ring: abs(_twice_area(ring)))))
        areas |= dict.fromkeys(keys, area)
    aspect = (east - west) * cos(radians((north + south) / 2)) / (north - south)
    return Outlines(areas, aspect)


def _twice_area(ring: Ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring))


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centroid of a ring; of one without an area the mean of its corners."""
    double = _twice_area(ring)
    if not double:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    steps = [(x0, y0, x1, y1, x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in itertools.pairwise(ring)]
    return (
        sum((x0 + x1) * cross for x0, _, x1, _, cross in steps) / (3 * double),
        sum((y0 + y1) * cross for _, y0, _, y1, cross in steps) / (3 * double),
    )
