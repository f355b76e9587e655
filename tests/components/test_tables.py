import pandas as pd

from components.tables import Column, count, csv_bytes, rate, score, short_day, table_html

COLUMNS = [Column("name", "乡镇（街道）"), Column("n", "交办", count, is_number=True)]


def test_cells_are_escaped_and_numbers_stand_to_the_right() -> None:
    frame = pd.DataFrame({"name": ["<script>alert(1)</script>"], "n": [1234]})
    html = table_html(frame, COLUMNS, caption="<b>")
    assert "<script" not in html
    assert "<b>" not in html
    assert '<td class="num">1,234</td>' in html
    assert '<th scope="row">' in html


def test_a_column_may_be_kept_on_one_line() -> None:
    html = table_html(
        pd.DataFrame({"name": ["天马"], "n": ["8月31日"]}), [COLUMNS[0], Column("n", "时限", is_unbroken=True)]
    )
    assert '<td class="unbroken">8月31日</td>' in html


def test_what_a_column_writes_is_escaped_too() -> None:
    column = Column("n", "交办", lambda value: f"<i>{value}</i>")
    assert "<i>" not in table_html(pd.DataFrame({"name": ["天马"], "n": ["1"]}), [COLUMNS[0], column])


def test_the_total_is_the_last_row_of_its_own() -> None:
    html = table_html(pd.DataFrame({"name": ["天马"], "n": [1]}), COLUMNS, total={"name": "全县", "n": 7})
    assert html.index("天马") < html.index("<tfoot>") < html.index("全县") < html.index(">7<")


def test_missing_measures_are_dashes_never_zero() -> None:
    assert [count(pd.NA), score(float("nan")), rate(float("nan")), short_day(pd.NaT)] == ["—"] * 4
    assert [count(0), score(0.0), rate(0.807), short_day(pd.Timestamp(2020, 8, 31))] == ["0", "0.0", "80.7%", "8月31日"]


def test_an_empty_frame_gives_a_table_with_its_head() -> None:
    html = table_html(pd.DataFrame({"name": [], "n": []}), COLUMNS)
    assert "乡镇（街道）" in html
    assert "<tbody><tr><td colspan='2' class='none'>没有记录</td></tr></tbody>" in html


def test_the_csv_opens_in_a_spreadsheet_in_chinese_and_runs_nothing() -> None:
    frame = pd.DataFrame({"name": ["=1+1", "天马"], "n": [1, 2], "other": [0, 0]})
    data = csv_bytes(frame, COLUMNS)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == ["乡镇（街道）,交办", "'=1+1,1", "天马,2"]
