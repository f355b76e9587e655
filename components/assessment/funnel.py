"""The columns of 差异判断图's table: the same numbers as in the picture."""

from components.columns import TOWNSHIP
from components.tables import Column, count

FUNNEL = (
    TOWNSHIP,
    Column("numerator", "分子", count, is_number=True),
    Column("denominator", "分母", count, is_number=True),
    Column("value_word", "比例", is_number=True),
    Column("range_95", "细虚线之间（95%）", is_number=True),
    Column("range_998", "粗虚线之间（99.8%）", is_number=True),
    Column("judgement", "判断", figure="funnel"),
)
