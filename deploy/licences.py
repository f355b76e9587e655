"""Write docs/licences.md: every package that runs with the dashboard, its pin, its licence and its last release.

    python deploy/licences.py

Pins from requirements.txt, licences from the installed packages; the last releases and their days are asked of the
package index through uv (development tools), in two questions.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# 运行时依赖与许可证

由 `python deploy/licences.py` 按 `requirements.txt` 生成。
版本和每个文件的校验和在 `requirements.txt` 中锁定（`pip --require-hashes`），装的就是列出的这些；
“直接”是本程序自己引用的，其余是它们带来的。“最新发布”是 {day} 在 PyPI 上查到的、适用于 Python 3.11 的
最后一个正式版及其日期
（`uv pip list --outdated` 和 `uv pip compile`）。锁定的 {pins} 个包{behind}。
两年以上没有新版的：{quiet}。它们出了漏洞可能没有人修，升级前后留意。

| 包 | 版本 | 许可证 | 直接 | 最新发布 | 发布日期 |
| --- | --- | --- | --- | --- | --- |
"""
_UNCLEAR = {"", "UNKNOWN"}


def main() -> int:
    """Write the document; the status is 1 where a package names no licence."""
    direct = set(re.findall(r"^([A-Za-z0-9_.-]+)", (ROOT / "requirements.in").read_text("utf8"), flags=re.M))
    direct = {name.lower() for name in direct}
    pins = dict(pinned())
    newest = pins | {name: version for name, version in newer() if name in pins}
    days = released_on(newest)
    rows = [
        (name, version, licence(name), "是" if name in direct else "", newest[name], days[name].isoformat())
        for name, version in pins.items()
    ]
    late = [name for name in pins if newest[name] != pins[name]]
    behind = f"中不是最新的：{'、'.join(late)}" if late else "全部是最新发布"
    today = datetime.now(UTC).date()
    quiet = "、".join(name for name in pins if today - days[name] > timedelta(days=730)) or "无"
    head = HEAD.format(day=today, pins=len(pins), behind=behind, quiet=quiet)
    (ROOT / "docs" / "licences.md").write_text(head + "".join(f"| {' | '.join(row)} |\n" for row in rows), "utf8")
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


def newer() -> Iterator[tuple[str, str]]:
    """Yield name and newest version of each installed package that has one newer than ours."""
    for package in json.loads(_uv("list", "--outdated", "--format", "json", "--python", sys.executable)):
        yield package["name"], package["latest_version"]


def released_on(versions: dict[str, str]) -> dict[str, date]:
    """Return the day on which each version came out: that of its first file."""
    asked = "".join(f"{name}=={version}\n" for name, version in versions.items())
    told = tomllib.loads(_uv("compile", "-", "--no-deps", "--format", "pylock.toml", asked=asked))
    days = {}
    for package in told["packages"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        days[package["name"]] = min(file["upload-time"] for file in files).date()
    return days


def _uv(*words: str, asked: str = "") -> str:
    program = Path(sys.executable).with_name("uv")
    command = [program, "pip", *words, "--quiet"]
    return subprocess.run(command, input=asked, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def licence(name: str) -> str:
    """Return what an installed package says of its licence: its expression, its classifiers, or its own short words."""
    about = metadata(name)
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    own = (about.get("License") or "").strip().splitlines()
    told = about.get("License-Expression") or "、".join(classifiers) or (own[0] if own else "")
    return told.replace("|", "/")[:80]


if __name__ == "__main__":
    sys.exit(main())
