from dataclasses import replace

from queries import regions
from queries.regions import county_codes, township_codes, townships, whole_set

COUNTY = "330822"
TOWNSHIPS = ("330822001", "330822104", "330822200")


def _other_county(add):
    add("regions", {"code": "330800", "level": "city", "name": "衢州市"})
    add("regions", {"code": "330824", "level": "county", "name": "开化县", "parent_code": "330800"})
    add(
        "regions",
        {"code": "330824001", "level": "township", "name": "芹阳街道", "parent_code": "330824", "sort_order": 0},
    )


def test_townships_come_in_the_fixed_order(connection, county, add):
    add("regions", {"code": "330822000", "level": "township", "name": "无序镇", "parent_code": COUNTY})
    add("regions", {"code": "330822001001", "level": "village", "name": "东明社区", "parent_code": TOWNSHIPS[0]})
    frame = townships(connection)
    assert frame["code"].tolist() == [*TOWNSHIPS, "330822000"]  # without a sort order: last
    assert frame["short_name"].tolist() == ["天马", "白石", "何家", "无序镇"]


def test_the_county_is_not_a_township(connection, county):
    assert regions.county(connection)["code"].tolist() == [COUNTY]


def test_codes_asked_for_come_back_in_order_and_unknown_ones_fall_away(connection, county, scope):
    asked = replace(scope, townships=frozenset({TOWNSHIPS[2], TOWNSHIPS[0], "999", COUNTY}))
    assert township_codes(connection, asked) == [TOWNSHIPS[0], TOWNSHIPS[2]]
    assert township_codes(connection, replace(scope, townships=frozenset())) == []


def test_in_one_county_all_townships_are_compared_whatever_is_asked_for(connection, county, scope):
    assert whole_set(connection, replace(scope, townships=frozenset())) == list(TOWNSHIPS)


def test_among_several_counties_those_of_the_townships_asked_for_are_compared(connection, county, add, scope):
    _other_county(add)
    assert whole_set(connection, replace(scope, townships=frozenset({TOWNSHIPS[1]}))) == list(TOWNSHIPS)
    assert whole_set(connection, replace(scope, region="330824")) == ["330824001"]


def test_a_region_names_the_county_whose_own_rows_belong(connection, county, add, scope):
    _other_county(add)
    assert sorted(connection.scalars(county_codes(scope))) == [COUNTY, "330824"]
    assert list(connection.scalars(county_codes(replace(scope, region=COUNTY)))) == [COUNTY]
