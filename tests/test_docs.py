"""The documents are true: every table and column, every command, every link, every value and unit file."""

import configparser
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from analysis.table_names import TABLE_NAMES
from database import tables
from database.kpis import COMPUTED
from database.loading.columns import CHOICES, fields
from database.loading.rules import CHECKS
from navigation import PAGES
from settings import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONTRACT = (ROOT / "docs" / "data-contract.md").read_text("utf8")
GUIDE = "".join(path.read_text("utf8") for path in (ROOT / "docs" / "user-guide").glob("*.md"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))
TYPES: tuple[tuple[type[sa.types.TypeEngine[object]], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.DateTime, "timestamp"),
    (sa.Date, "date"),
    (sa.Integer, "integer"),
    (sa.Double, "double precision"),
    (sa.JSON, "json"),
    (sa.Text, "text"),
)


def section(table: str) -> str:
    """Return what the contract says of one table."""
    found = re.search(rf"^### `{table}` {TABLE_NAMES[table]}\n(.*?)(?=^##|\Z)", CONTRACT, flags=re.M | re.S)
    assert found, f"{table} has no section"
    return found.group(1)


def described(table: str) -> dict[str, list[str]]:
    """Return the cells that describe each column, by its name."""
    lines = [line for line in section(table).splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def type_word(column: sa.Column[object]) -> str:
    word = next((word for kind, word in TYPES if isinstance(column.type, kind)), "")
    return word or f"text({column.type.length})"  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", tables.METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_described_with_type_and_whether_it_is_required(table: sa.Table) -> None:
    found = described(table.name)
    assert list(found) == list(table.columns.keys())
    for column in table.columns:
        _, kind, required, _ = found[column.name]
        assert (kind, required) == (type_word(column), "" if column.nullable else "是"), column.name
    keys = "、".join(f"`{column.name}`" for column in table.primary_key)
    assert re.match(rf"一行.+?。主键：{keys}。", section(table.name)), "grain and key"


@pytest.mark.parametrize("table", sorted(TABLE_NAMES))
def test_columns_bear_the_names_of_the_templates(table: str) -> None:
    found = described(table)
    for field in fields(table):
        assert found[field.column][0] == field.header


def test_the_contract_describes_no_table_that_is_not_there() -> None:
    assert set(re.findall(r"^### `(\w+)`", CONTRACT, flags=re.M)) == set(tables.METADATA.tables)


def allowed() -> Iterator[tuple[str, str, str]]:
    for table, checks in CHECKS.items():
        for column, check in checks.items():
            for value in (check.statistics or {}).get("allowed_values", ()):
                yield table, column, value
    for (table, column), values in CHOICES.items():
        yield from ((table, column, value) for value in values)


@pytest.mark.parametrize(("table", "column", "value"), sorted(set(allowed())))
def test_every_allowed_value_is_named(table: str, column: str, value: str) -> None:
    assert f"`{value}`" in described(table)[column][-1]


def test_the_computed_indicators_are_those_of_the_program() -> None:
    assert re.findall(r"^\| `(\w+)` \| [^|]*\|$", CONTRACT, flags=re.M) == list(COMPUTED)


def commands(text: str) -> list[list[str]]:
    """Return the words after `python -m` of every command line in a text."""
    lines = re.findall(r"python -m ((?:database|accounts|reports)\b[^\n`|#；，。）]*)", text)
    return [shlex.split(line.strip()) for line in lines]


SAID = sorted({tuple(words) for path in [*DOCUMENTS, *UNITS] for words in commands(path.read_text("utf8"))})


@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_every_command_that_is_mentioned_is_there(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    module = words[0] if words[0] == "accounts" else f"{words[0]}.__main__"
    named = [word for word in words[1:2] if re.fullmatch(r"[a-z]+", word)]
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(module).main([*named, "--help"])
    help_text = capsys.readouterr().out
    assert ended.value.code == 0
    for option in (word for word in words if word.startswith("--")):
        assert option in help_text, option


def test_the_search_for_commands_finds_them() -> None:
    assert ("database", "refresh", "--force", "--note", "重算") in SAID
    assert ("database", "refresh") in SAID, "the service's"
    assert commands("先 `python -m database burn --now` 再说") == [["database", "burn", "--now"]]


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", path.read_text("utf8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf8")):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def test_the_sql_in_the_contract_is_that_of_the_example() -> None:
    example = (ROOT / "deploy" / "example" / "views.sql").read_text("utf8")
    own = {line.strip() for line in example.splitlines()}
    (shown,) = re.findall(r"```sql\n(.*?)```", CONTRACT, flags=re.S)
    lines = [line.strip() for line in shown.splitlines() if line.strip() not in ("", "...")]
    assert len(lines) > 5
    assert set(lines) <= own


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_what_is_there(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(path, "utf8")
    program, *words = unit["Service"]["ExecStart"].split()
    place = unit["Service"]["WorkingDirectory"]
    assert program.startswith(f"{place}/.venv/bin/")
    if words[:1] == ["run"]:
        assert (ROOT / words[1]).is_file()
    else:
        assert words == ["-m", "database", "refresh"]


def test_the_timer_has_its_service_and_the_document_installs_both() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text("utf8")
    for path in [*UNITS, *(ROOT / "deploy").glob("*.timer")]:
        assert f"deploy/{path.name}" in operations
    assert {path.stem for path in (ROOT / "deploy").glob("*.timer")} <= {path.stem for path in UNITS}


def test_the_security_document_names_files_that_are_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf8")
    named = set(re.findall(r"`([\w/.-]+/|[\w/-]+\.(?:py|sql|sh|conf|md|service))`", text))
    assert len(named) > 60
    for path in named:
        assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file(), path


def test_every_requirement_of_the_security_document_has_its_test_or_its_reason() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) > 45
    for demand, *_, shown in rows:
        assert re.search(r"`tests/[\w/]+\.py`|运行单位|不适用|^测试$", shown), demand


def test_every_test_of_the_gate_is_named_in_the_security_document() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf8")
    for path in (ROOT / "tests" / "gate").glob("test_*.py"):
        assert f"tests/gate/{path.name}" in text, path.name


@pytest.mark.parametrize("title", [page.title for page in PAGES if not page.is_hidden])
def test_the_user_guide_names_every_page_of_the_menu(title: str) -> None:
    assert title in GUIDE


def test_the_user_guide_quotes_what_the_screens_say() -> None:
    """Labels stand in quotes, a way through the menu or a list of them in one pair; » is Streamlit's own."""
    homes = [ROOT / name for name in ("pages", "components", "analysis", "actions")]
    written = [path for home in homes for path in home.rglob("*") if path.suffix in {".py", ".js", ".css"}]
    screens = "".join(path.read_text("utf8") for path in [*written, *ROOT.glob("*.py")])
    quoted = {part for label in re.findall("“([^”]+)”", GUIDE) for part in re.split(" / |、", label)}
    assert len(quoted) > 60
    assert sorted(part for part in quoted - {"»"} if part not in screens) == []


def test_the_architecture_names_every_module_and_folder_of_the_root() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf8")
    modules = [f"`{path.name}`" for path in ROOT.glob("*.py")]
    folders = sorted({f"`{path.parent.name}/" for path in ROOT.glob("[a-z]*/*.py")})
    assert len(modules) > 10
    assert len(folders) > 10
    assert not [name for name in (*modules, *folders) if name not in text]


def test_every_decision_has_its_number_and_its_line_in_the_index() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf8")
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert re.findall(r"^\| \[(\d+)\]\((.+?)\)", index, flags=re.M) == [(str(int(n[:4])), n) for n in names]
