"""The 23 departments in COUNTY.md's order, and the seven special work groups."""

import pandas as pd

DEPARTMENTS = (
    "县委政法委",
    "县委组织部",
    "县委宣传部",
    "县信访局",
    "县大数据中心",
    "县公安局",
    "县司法局",
    "县民政局",
    "县综合行政执法局",
    "县应急管理局",
    "县营商办",
    "县人民法院",
    "县矛调中心",
    "县政府办公室",
    "县委编办",
    "县纪委县监委",
    "县检察院",
    "县自然资源和规划局",
    "县住房和城乡建设局",
    "县农业农村局",
    "县人力社保局",
    "县市场监管局",
    "县卫生健康局",
)

CODES = {name: f"D{number:02d}" for number, name in enumerate(DEPARTMENTS, start=1)}

KINDS = {"县人民法院": "司法机关", "县检察院": "司法机关", "县矛调中心": "事业单位", "县大数据中心": "事业单位"}

WORK_GROUPS = (
    ("G1", "党建统领", "县委组织部"),
    ("G2", "公共治理", "县政府办公室"),
    ("G3", "自治协商", "县民政局"),
    ("G4", "文明礼治", "县委宣传部"),
    ("G5", "依法善治", "县司法局"),
    ("G6", "智慧支撑", "县大数据中心"),
    ("G7", "平安综治", "县委政法委"),
)


def departments() -> pd.DataFrame:
    """Return one row per department with the columns of table `departments`, D01 to D23."""
    return pd.DataFrame([{"code": CODES[name], "name": name, "kind": _kind(name)} for name in DEPARTMENTS])


def work_groups() -> pd.DataFrame:
    """Return one row per special work group with the columns of table `work_groups`, G1 to G7."""
    return pd.DataFrame(
        [
            {"code": code, "name": name, "lead_department_code": CODES[lead], "sort_order": order}
            for order, (code, name, lead) in enumerate(WORK_GROUPS, start=1)
        ]
    )


def _kind(name: str) -> str:
    """Tell party offices from government departments by name."""
    return KINDS.get(name, "党委部门" if name.startswith(("县委", "县纪委")) else "政府部门")
