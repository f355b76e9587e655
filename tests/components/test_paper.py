from components import theme
from components.paper import margin_style


def test_every_sheet_says_what_it_shows_and_its_number() -> None:
    style = margin_style("看板　截至2020年8月31日")
    assert r"content: '看板\3000 截至2020年8月31日'" in style
    assert "counter(page)" in style
    assert "counter(pages)" in style


def test_what_is_said_cannot_end_the_style() -> None:
    style = margin_style("甲'; } </style><script>")
    assert style.count("</style>") == 1
    assert "<script" not in style
    assert "'; }" not in style.split("@bottom-right")[0].split("content: ")[1].split(";")[0]


def test_sheets_are_a4_landscape_in_one_place() -> None:
    sheet = theme.stylesheet()
    assert sheet.count("@page {") == 1
    assert "@page { size: A4 landscape;" in sheet


def test_a_head_within_a_page_is_printed() -> None:
    printed = theme.stylesheet().split("@page { size: A4 landscape", 1)[1]
    assert ".stApp header" not in printed
