"""A made-up country of two squares; no real outline stands in the repository."""

import json
from math import cos, radians
from pathlib import Path
from typing import Any

import pytest

from analysis.outlines import MOST_BYTES, Outlines, UnusableMap, outlines_of, read_outlines

WEST = [[0, 10], [2, 10], [2, 12], [0, 12], [0, 10]]
EAST = [[2, 10], [4, 10], [4, 12], [2, 12], [2, 10]]
HOLE = [[2.5, 10.5], [2.5, 11.5], [3.5, 11.5], [3.5, 10.5], [2.5, 10.5]]
ISLAND = [[2.9, 10.9], [3.1, 10.9], [3.1, 11.1], [2.9, 11.1], [2.9, 10.9]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def country(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def two() -> Outlines:
    several = {"type": "MultiPolygon", "coordinates": [[EAST, HOLE], [ISLAND]]}
    return outlines_of(country(feature(polygon(WEST), code=101, name="西镇"), feature(several, name="东乡")))


def test_the_drawing_runs_from_west_to_east_and_from_north_to_south() -> None:
    outlines = two()
    west = outlines.areas["101"]
    assert outlines.areas["西镇"] == west
    assert west.rings == (((0, 100), (50, 100), (50, 0), (0, 0), (0, 100)),)
    assert west.label == pytest.approx((25, 50))
    assert outlines.aspect == pytest.approx(2 * cos(radians(11)))


def test_holes_and_islands_are_kept_and_the_name_stands_in_the_largest_part() -> None:
    east = two().areas["东乡"]
    assert len(east.rings) == 3
    assert east.label == pytest.approx((75, 50))


def test_an_area_is_found_by_any_of_its_keys() -> None:
    assert two().area("330822", "西镇") == two().areas["101"]
    assert two().area("不存在") is None


def test_points_that_fall_together_are_drawn_once() -> None:
    fine = [[0, 10], [0.0001, 10], [0.0002, 10], [2, 10], [2, 12], [0, 12], [0, 10]]
    area = outlines_of(country(feature(polygon(fine), code="a"), feature(polygon(EAST), code="b"))).areas["a"]
    assert len(area.rings[0]) == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "FeatureCollection"),
        (polygon(WEST), "FeatureCollection"),
        (country(feature(polygon(WEST))), "第1个要素没有乡镇（街道）的 code 或 name"),
        (country(feature(polygon(WEST), code="a"), feature(polygon(EAST), code="a")), "第2个要素与前面的重复（a）"),
        (country(feature({"type": "Point", "coordinates": [0, 1]}, code="a")), "第1个要素的边界不完整"),
        (country(feature(None, code="a")), "边界不完整"),
        (country(feature(polygon(WEST[:-1]), code="a")), "边界不完整"),
        (country(feature(polygon([[0, 0], [1, 1], [0, 0]]), code="a")), "边界不完整"),
        (country(feature(polygon([[500000, 0], [1, 1], [2, 0], [500000, 0]]), code="a")), "边界不完整"),
        (country(feature(polygon([["x", 0], [1, 1], [2, 0], ["x", 0]]), code="a")), "边界不完整"),
        (country(feature(polygon([[1, 1], [1, 1], [1, 1], [1, 1]]), code="a")), "没有面积"),
        (country(feature(polygon([*[[0, 0], [1, 1]] * 25_001, [0, 0]]), code="a")), "超过50,000个"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(given: Any, said: str) -> None:
    with pytest.raises(UnusableMap, match=said):
        outlines_of(given)


def test_a_file_is_read_or_refused(tmp_path: Path) -> None:
    fine, broken, large = (tmp_path / f"{name}.geojson" for name in ("fine", "broken", "large"))
    fine.write_text(json.dumps(country(feature(polygon(WEST), code="a"))), encoding="utf-8")
    assert list(read_outlines(fine).areas) == ["a"]
    broken.write_bytes(b"\xff{")
    large.write_bytes(b" " * (MOST_BYTES + 1))
    for path, said in ((broken, "不是有效的 GeoJSON"), (large, "超过5MB"), (tmp_path / "none.json", "打不开")):
        with pytest.raises(UnusableMap, match=said):
            read_outlines(path)
