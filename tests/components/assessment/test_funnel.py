from analysis.funnel_words import funnel_lines, funnel_rows
from components import theme
from components.assessment.funnel import FUNNEL
from components.charts import funnel_chart
from components.tables import table_html
from tests.analysis.test_funnel_words import LABELS, _judged

ROWS = funnel_rows(_judged(), "K06", LABELS).assign(is_chosen=[True] * 7 + [False])


def test_lines_stand_behind_dots_and_only_chosen_outliers_are_named() -> None:
    spec = funnel_chart(ROWS, funnel_lines(ROWS), finding="").to_dict()
    fields = [layer["encoding"]["y"]["field"] for layer in spec["layer"]]
    assert fields == ["lower_95", "upper_95", "lower_998", "upper_998", "centre", "proportion", "proportion"]
    dashes = [layer["mark"]["strokeDash"] for layer in spec["layer"][:4]]
    assert dashes[0] == dashes[1] != dashes[2] == dashes[3]
    dots, names = spec["layer"][5:]
    assert names["transform"] == [{"filter": "datum.verdict != '线内' && datum.is_chosen"}]
    assert names["encoding"]["text"]["field"] == "township"
    assert dots["encoding"]["shape"]["scale"]["domain"] == ["线内", "值得关注", "线外"]
    assert set(dots["encoding"]["color"]["scale"]["range"]) <= set(theme.HUES)
    assert dots["encoding"]["opacity"]["scale"] == {"domain": [True, False], "range": [1, 0.25]}
    assert "分子/分母" in {tip["title"] for tip in dots["encoding"]["tooltip"]}


def test_the_table_says_the_same_numbers() -> None:
    markup = table_html(ROWS, FUNNEL)
    for _, row in ROWS.iterrows():
        for said in (row["township"], row["value_word"], row["range_95"], row["range_998"], row["judgement"]):
            assert said in markup
