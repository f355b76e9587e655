import pytest

from analysis.lights import LIGHTS
from components.page_filters import PageFilter, light_filter, unknown

GROUPS = PageFilter("work_group", "专项组", {"G1": "党建统领", "G2": "公共治理"})
LIGHTS_FILTER = light_filter()


@pytest.mark.parametrize(
    ("own", "query", "said"),
    [
        (GROUPS, {}, ""),
        (GROUPS, {"work_group": ["党建统领"]}, ""),
        (GROUPS, {"work_group": [""]}, ""),
        (GROUPS, {"other": ["天文"]}, ""),
        (GROUPS, {"work_group": ["天文"]}, "链接中的专项组“天文”不存在，已显示全部。"),
        (GROUPS, {"work_group": ["G1"]}, "链接中的专项组“G1”不存在，已显示全部。"),
        (LIGHTS_FILTER, {"light": ["逾期", "紫灯"]}, "链接中的亮灯“紫灯”不存在，其余所选照常显示。"),
    ],
)
def test_what_the_url_asks_in_vain_is_named(own: PageFilter, query: dict[str, list[str]], said: str) -> None:
    assert unknown(own, query) == said


def test_lights_are_chosen_by_their_words() -> None:
    assert list(LIGHTS_FILTER.options.values()) == [mark.word for mark in LIGHTS.values()]
    assert LIGHTS_FILTER.is_many
