"""First and repeat visit in a real browser: requests, bytes over Streamlit's own bundle, time to the last chart.

And the server's start on the demo, until it answers, beside a Python that only loads Streamlit.
"""

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from benchmarks.stopwatch import Contexts, Stood, contexts, visited
from benchmarks.watched import ACCOUNT, PASSWORD, Watched, watched_server
from driver.browser import sign_in
from driver.server import Server

PAGES = {"overview": "/", "rankings": "/rankings", "backlog": "/backlog"}
MOST_OWN_KB = 1_000.0
MOST_START_MS = 3_000.0
KINDS = {"own": "beyond Streamlit's bundle", "bundle": "Streamlit's bundle"}
BUNDLE = "/static/"


@dataclass
class Traffic:
    """What one visit asked for and got, by Streamlit's own files and everything else, the WebSocket counted there."""

    requests: dict[str, int] = field(default_factory=lambda: {"bundle": 0, "own": 0})
    bytes: dict[str, float] = field(default_factory=lambda: {"bundle": 0, "own": 0})
    stood: Stood = field(default_factory=lambda: Stood(0, 0))


def figures(options: Options) -> Iterator[Figure]:
    """Measure visits to a few pages: with an empty browser cache, and again."""
    with (
        TemporaryDirectory(prefix="visits-") as name,
        county("sqlite", options.cases) as url,
        watched_server(Path(name), url) as watched,
        contexts() as browser,
    ):
        for stem, path in PAGES.items():
            if stem in options.pages:
                yield from _of_page(browser, watched, stem, path, options.rounds)
        yield _start(Path(name), url, options.rounds)


def _start(folder: Path, url: str, rounds: int) -> Figure:
    """Return what the server's start takes on a state database that stands."""
    times, floor = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import streamlit.web.cli"], check=True)
        loaded = time.perf_counter()
        with Server(folder, {"DATABASE_URL": url}):
            times.append((time.perf_counter() - loaded) * 1000)
        floor.append((loaded - began) * 1000)
    return figure("start of the server", "ms", times, floor=floor, limit=MOST_START_MS)


def _of_page(browser: Contexts, watched: Watched, stem: str, path: str, rounds: int) -> Iterator[Figure]:
    met: dict[str, list[Traffic]] = defaultdict(list)
    for number in range(rounds + 1):  # the first one only shows the server what is asked of it
        for way in ("page", "constants"):
            watched.show_as("page", "elsewhere")
            context = _signed_in(browser, watched)
            for visit in ("first", "repeat"):
                watched.show_as(way, f"{stem}:visit")
                traffic = _visit(context, watched.url + path)
                if number:
                    met[f"{visit}/{way}"].append(traffic)
            context.close()
    for visit in ("first", "repeat"):
        shown, floor = met[f"{visit}/page"], met[f"{visit}/constants"]
        for place, mark in enumerate(("figures", "last chart")):
            times, beneath = ([one.stood[place] for one in of] for of in (shown, floor))
            yield figure(f"{stem}: {visit} visit to {mark}", "ms", times, floor=beneath)
        for kind, said in KINDS.items():
            limit = MOST_OWN_KB if (visit, kind) == ("first", "own") else None
            sizes = [one.bytes[kind] / 1000 for one in shown]
            yield figure(f"{stem}: {visit} visit, {said}", "kB", sizes, limit=limit)
        yield figure(f"{stem}: {visit} visit, requests", "requests", [sum(one.requests.values()) for one in shown])


def _signed_in(browser: Contexts, watched: Watched) -> BrowserContext:
    """Open a browser whose session is signed in and whose cache is empty again."""
    entered = browser.new()
    sign_in(entered.new_page(), f"{watched.url}/definitions", ACCOUNT, PASSWORD)
    kept = entered.storage_state()
    entered.close()
    return browser.new(kept)


def _visit(context: BrowserContext, url: str) -> Traffic:
    """Open a page in a tab of its own; return what came over the line."""
    page, traffic, paths = context.new_page(), Traffic(), dict[str, str]()

    def asked(event: dict[str, Any]) -> None:
        paths[event["requestId"]] = kind = "bundle" if BUNDLE in urlsplit(event["request"]["url"]).path else "own"
        traffic.requests[kind] += event["request"]["url"].startswith("http")

    def came(event: dict[str, Any]) -> None:
        traffic.bytes[paths.get(event["requestId"], "own")] += event["encodedDataLength"]

    def answered(event: dict[str, Any]) -> None:
        traffic.requests[paths.get(event["requestId"], "own")] -= event["response"].get("fromDiskCache", False)

    def told(event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]  # Base64 of a binary message
        traffic.bytes["own"] += len(payload) * 3 // 4

    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", asked)
    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", came)
    network.on("Network.webSocketFrameReceived", told)
    traffic.stood = visited(page, url)
    page.close()
    return traffic
