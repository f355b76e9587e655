"""The structure of the code, read from its syntax trees: layers, guards, menu, thin pages, guarded callables."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("actions", "analysis", "components", "database", "gate", "pages", "queries", "reports", "state")
MODULES = (
    "accounts",
    "app",
    "auth",
    "cache",
    "dashboard",
    "errors",
    "exports",
    "navigation",
    "rehearsal",
    "settings",
    "shared_database",
    "warming",
)
FIRST_PARTY = {*FOLDERS, *MODULES}
SCREEN = {"streamlit", "altair"}

# Layer -> (first-party modules it may import, packages it never imports). Exceptions stand in ALSO.
LAYERS: dict[str, tuple[set[str], set[str]]] = {
    "actions": (
        {"analysis", "auth", "cache", "database", "errors", "exports", "queries", "reports", "settings", "state"},
        {*SCREEN, "pandas"},
    ),
    "analysis": (set(), {*SCREEN, "sqlalchemy"}),
    "database": ({"analysis"}, SCREEN),
    "state": (set(), SCREEN),
    "queries": ({"analysis", "database.tables"}, SCREEN),
    "components": ({"analysis"}, {"sqlalchemy"}),
    "reports": (
        {"analysis", "components.charts", "components.sheets", "components.theme"},
        {"streamlit", "sqlalchemy"},
    ),
    "auth": ({"state", "errors", "navigation", "settings", "analysis.scope", "queries.releases"}, {"altair"}),
    "cache": (
        {
            "state",
            "errors",
            "navigation",
            "settings",
            "analysis.scope",
            "queries",
            "auth",
            "shared_database",
        },
        {"altair", "sqlalchemy"},
    ),
    "shared_database": (
        {"errors", "settings", "queries.releases", "database.contract", "database.engine"},
        {*SCREEN, "pandas"},
    ),
    "errors": (set(), {*SCREEN, "sqlalchemy", "pandas"}),
    "exports": ({"errors"}, {*SCREEN, "sqlalchemy", "pandas"}),
    "navigation": ({"analysis.scope"}, {*SCREEN, "sqlalchemy", "pandas"}),
    "settings": (set(), {"altair", "pandas"}),
    "pages": (
        {
            "actions.entries",
            "actions.ledgers",
            "actions.meetings",
            "auth",
            "cache",
            "errors",
            "navigation",
            "queries",
            "components",
            "analysis",
            "state",
            "reports",
        },
        {"sqlalchemy", "altair"},
    ),
}
ALSO: dict[str, set[str]] = {
    "actions/account_list.py": {"pandas"},
    "actions/loader.py": {"pandas"},
    "database/__main__.py": {"settings"},
    "database/refresh.py": {"queries"},
    "database/check.py": {"queries"},
    "database/checks": {"queries"},
    "reports/arguments.py": {"database.arguments"},
    "reports/__main__.py": {
        "queries",
        "state",
        "sqlalchemy",
        "settings",
        "database.contract",
        "database.engine",
    },
    "pages/data": {"actions.account_list", "actions.administration", "actions.loader", "database.check"},
}
WITHOUT_STREAMLIT = ("components/theme.py", "components/charts", "components/sheets.py")


def _sources() -> list[Path]:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted([*files, *(ROOT / f"{module}.py" for module in MODULES)])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf8"))


def _imports(path: Path) -> Iterator[str]:
    """Yield every module that the file imports, anywhere in it, as a dotted name."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}: relative import"
            module = node.module or ""
            submodules = [f"{module}.{alias.name}" for alias in node.names]
            is_package = (ROOT / module.replace(".", "/")).is_dir()
            yield from submodules if is_package else [module]


def _within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def _pages() -> list[Path]:
    return sorted(path for path in (ROOT / "pages").rglob("*.py") if path.name != "__init__.py")


SOURCES = _sources()
PAGES = _pages()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if layer not in LAYERS:
        return  # app, dashboard, gate, accounts: what frames a page
    allowed, banned = LAYERS[layer]
    also = {name for place, names in ALSO.items() if _name(path).startswith(place) for name in names}
    if _name(path).startswith(WITHOUT_STREAMLIT):
        banned = banned | {"streamlit"}
    for module in _imports(path):
        top = module.split(".")[0]
        assert top not in banned - also, f"{_name(path)} imports {module}"
        if top in FIRST_PARTY - {layer}:
            assert _within(module, allowed | also), f"{_name(path)} imports {module}"


def test_the_layer_test_sees_a_forbidden_import(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("def f():\n    from queries.backlog import backlog_at\n")
    found = list(_imports(tmp_path / "x.py"))
    assert found == ["queries.backlog"]
    assert not _within(found[0], LAYERS["analysis"][0])


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_every_page_first_asks_who_is_looking(path: Path) -> None:
    statements = [node for node in _tree(path).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert isinstance(statements[0], ast.Expr), "the page opens with the question it answers"
    assert ast.unparse(statements[1]) == "viewer = require_viewer(__file__)"


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_pages_are_thin(path: Path) -> None:
    assert len(path.read_text("utf8").splitlines()) <= 80
    forbidden = (ast.For, ast.While, ast.ClassDef, ast.BinOp, ast.AugAssign, ast.comprehension)
    found = [
        f"line {node.lineno}"
        for node in ast.walk(_tree(path))
        if isinstance(node, forbidden) and hasattr(node, "lineno")
    ]
    assert not found, f"arithmetic, class or loop at {found}"


def test_the_menu_holds_exactly_the_pages() -> None:
    menu = importlib.import_module("navigation").PAGES
    assert sorted(page.path for page in menu) == [_name(path) for path in PAGES]
    stems = [Path(page.path).stem for page in menu]
    assert len(stems) == len(set(stems)), "file stems are the URL"
    assert all(len(Path(page.path).parts) == 3 for page in menu), "pages lie one folder down"
    assert sum(page.is_default for page in menu) == 1


def _unguarded(tree: ast.Module) -> list[str]:
    """List callables handed to downloads and buttons that were not made by `guarded(...)`."""
    guarded = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "guarded(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    bad = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        is_download = "download" in ast.unparse(call.func)
        for keyword in call.keywords:
            if keyword.arg in ("on_click", "on_change") or (keyword.arg == "data" and is_download):
                text = ast.unparse(keyword.value)
                fine = (
                    isinstance(keyword.value, ast.Constant)
                    or text in guarded
                    or text.startswith(("guarded(", "auth.guarded("))
                )
                if not fine:
                    bad.append(f"line {call.lineno}: {keyword.arg}={text}")
    return bad


@pytest.mark.parametrize("path", [*PAGES, ROOT / "dashboard.py"], ids=_name)
def test_callables_that_run_without_context_are_guarded(path: Path) -> None:
    assert not _unguarded(_tree(path))


def test_the_guard_test_sees_an_unguarded_callable() -> None:
    assert _unguarded(ast.parse("st.download_button('x', data=lambda: rows)"))
    assert not _unguarded(ast.parse("st.download_button('x', data=guarded(rows, scope))"))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_modules_stay_readable(path: Path) -> None:
    if "migrations/versions" not in _name(path):
        assert len(path.read_text("utf8").splitlines()) <= 350
    assert not {"utils", "helpers", "common", "misc"} & set(Path(_name(path)).with_suffix("").parts)


@pytest.mark.parametrize("path", [p for p in SOURCES if _name(p).startswith("queries/")], ids=_name)
def test_queries_hold_no_literal_sql(path: Path) -> None:
    names = {node.id for node in ast.walk(_tree(path)) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)}
    assert "text" not in names
    assert "exec_driver_sql" not in attributes


STABLE = {
    "analysis.scope": ["Scope"],
    "queries.backlog": ["backlog_at", "backlog_by_week", "backlog_by_month", "ageing", "case_page"],
    "queries.tasks": ["task_matrix"],
    "queries.rankings": ["ranking", "kpi_table"],
    "queries": ["ROWS"],
    "analysis.scoring": ["efficacy_score", "composite_score"],
    "analysis.ranks": ["rank_intervals", "competition_rank"],
    "analysis.intervals": ["wilson", "poisson_exact"],
    "analysis.lights": ["light"],
}


@pytest.mark.parametrize("module", STABLE)
def test_stable_names_stay(module: str) -> None:
    loaded = importlib.import_module(module)
    for name in STABLE[module]:
        assert hasattr(loaded, name)
    if module.startswith("queries."):
        for name in STABLE[module]:
            assert list(inspect.signature(getattr(loaded, name)).parameters)[:2] == ["connection", "scope"]


OWN_ADDRESSES = ("http://localhost", "http://127.0.0.1", "http://www.w3.org/2000/svg", "https://vega.github.io/schema")


def _strings(path: Path) -> Iterator[str]:
    """Yield the string constants of a file that are not docstrings."""
    tree = _tree(path)
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, homes) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_source_holds_an_absolute_path_or_a_foreign_host(path: Path) -> None:
    for text in _strings(path):
        assert not text.startswith(("/root/", "/home/", "/work/", "/tmp/")), text
        for address in re.findall(r"https?://\S+", text):
            assert address.startswith(OWN_ADDRESSES), address
