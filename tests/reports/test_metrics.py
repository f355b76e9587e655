"""口径说明 as a document: nothing left out, nothing read as markup, and docs/metrics.md as it would be written now."""

from dataclasses import replace

import sqlalchemy as sa

from analysis.definitions import DEFINITIONS, catalogue
from analysis.scope import Scope
from database.demo import DEMO_AS_OF
from database.engine import reading_engine
from queries.definitions import kpi_definitions
from reports.metrics import metrics_text
from settings import ROOT

OPEN = DEFINITIONS["open"]


def test_an_entry_names_every_field_that_is_known() -> None:
    text = metrics_text([replace(OPEN, formula="a * b_c <i>", rule="")])
    assert "## 信访积案\n\n### 未化解件数 `open`\n" in text
    assert "- 公式：a \\* b\\_c \\<i>\n" in text
    assert f"- 含义：{OPEN.meaning}\n- 公式" in text
    assert "考核：" not in text


def test_the_document_in_docs_is_what_the_demo_county_would_write(demo_url: str) -> None:
    engine = reading_engine(demo_url)
    with engine.connect() as connection:
        known = catalogue(kpi_definitions(connection, Scope(DEMO_AS_OF, frozenset())), as_of=DEMO_AS_OF)
        codes = connection.scalars(sa.text("SELECT code FROM kpis")).all()
    engine.dispose()
    document = (ROOT / "docs" / "metrics.md").read_text("utf8")
    assert document == metrics_text(known), "python -m reports metrics > docs/metrics.md writes it anew"
    assert all(f"（{code}）\n" in document for code in codes)
    assert all(f" `{code}`\n" in document for code in DEFINITIONS)
