"""A browser and a site for it: Debian's Chromium, driven by Playwright, and the real release."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from ctlgraph.release import Release
from ctlgraph.web.site.assets import manifest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)
CONTACT = "errors@example.org"

expect.set_options(timeout=30_000)  # milliseconds, for a machine that has much else to do

Serve = Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], str]]]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a whole file; not for longer, since no other test can run an event loop beside it."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    if not manifest():
        pytest.skip("the front end is not built: pip install -e . where the npm registry can be reached")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(serve: Serve, release: Release) -> Iterator[str]:
    """The address of the site over the real release."""
    with serve("--release", release.path, "--contact", CONTACT) as (_, address):
        yield address


class Watch:
    """What a browser complains of, and what it loaded.

    Every request has to stay on this host, and nothing may be refused by the Content-Security-Policy.
    """

    def __init__(self, site: str) -> None:
        self.complaints: list[str] = []
        self.loaded: list[Request] = []
        self._site = site

    def on(self, page: Page, *statuses: int) -> None:
        """Watch a page; that it, or something that it asks for, has one of these statuses is no complaint."""

        def heard(message: ConsoleMessage) -> None:
            expected = any(f"status of {status} " in message.text for status in statuses)
            if message.type == "error" and not expected:
                self.complaints.append(message.text)

        def asked(request: Request) -> None:
            if not request.url.startswith(f"{self._site}/"):
                self.complaints.append(request.url)

        page.on("console", heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", asked)
        page.on("requestfinished", lambda request: self.loaded.append(request))


@pytest.fixture
def watch(site: str) -> Watch:
    """The watch over all pages of a test."""
    return Watch(site)


@pytest.fixture
def visit(browser: Browser, site: str, watch: Watch) -> Iterator[Open]:
    """Open a page in a browser of its own, by language, width and so on; the browser must not complain.

    status: of the page. asks: of what the page asks for, if that may fail.
    """
    contexts: list[BrowserContext] = []

    def visit(
        path: str,
        *,
        lang: str = "it-IT",
        width: int = 1280,
        status: int = 200,
        asks: int = 200,
        **more: object,
    ) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(locale=lang, viewport=size, base_url=site, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watch.on(page, status, asks)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status
        return page

    yield visit
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture(scope="session")
def axe(project: Path) -> str:
    """The source of axe-core, which looks for barriers."""
    path = project / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not there: it comes with the packages of frontend/")
    return path.read_text("utf-8")
