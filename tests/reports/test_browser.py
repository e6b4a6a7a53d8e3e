"""The report in a real browser: nothing is fetched, nothing fails, everything can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports import html
from reports.report import Report

webdriver = pytest.importorskip("selenium.webdriver")

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM.exists() and DRIVER.exists()),
        reason="chromium and chromium-driver are not installed",
    ),
]

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1600",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


def open_page(browser: Any, folder: Path, content: str) -> Path:
    page = folder / "báo cáo.html"
    page.write_text(content, encoding="utf-8")
    browser.get("about:blank")
    browser.get_log("performance"), browser.get_log("browser")
    browser.get(page.as_uri())
    return page


def requests(browser: Any) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["KẾT LUẬN", "CẦN KHẮC PHỤC TRƯỚC", "Chưa xác định được", "Nơi nhận:"]),
        ("en", ["WHAT TO FIX FIRST", "Cannot determine", "COURTESY TRANSLATION"]),
    ],
)
def test_the_page_opens_quietly(
    browser: Any, sample: Report, tmp_path: Path, language: html.Language, words: list[str]
) -> None:
    page = open_page(browser, tmp_path, html.render(sample, language))
    fetched = [url for url in requests(browser) if not url.startswith("data:")]
    assert fetched == [page.as_uri()]
    assert browser.get_log("browser") == []
    seen = browser.find_element("tag name", "body").text
    for word in words:
        assert word.casefold() in seen.casefold()
    failed = next(f for f in sample.findings if f.outcome == "FAIL")
    assert failed.reason.in_language(language).casefold() in seen.casefold()
    assert browser.save_screenshot(str(tmp_path / f"{language}.png"))
    assert (tmp_path / f"{language}.png").stat().st_size > 50_000


def test_the_style_sheet_is_admitted_by_the_policy(
    browser: Any, sample: Report, tmp_path: Path
) -> None:
    open_page(browser, tmp_path, html.render(sample))
    verdict = browser.find_element("css selector", ".verdict.FAIL")
    assert verdict.value_of_css_property("color") == "rgba(163, 18, 31, 1)"


def test_the_boxes_choose_which_verdicts_are_listed(
    browser: Any, sample: Report, tmp_path: Path
) -> None:
    open_page(browser, tmp_path, html.render(sample))

    def visible(verdict: str) -> int:
        rows = browser.find_elements("css selector", f"tr.finding.{verdict}")
        return sum(row.is_displayed() for row in rows)

    passes = sum(f.outcome == "PASS" for f in sample.findings)
    assert visible("PASS") == passes
    browser.find_element("id", "show-PASS").click()
    assert visible("PASS") == 0
    assert visible("FAIL") == sum(f.outcome == "FAIL" for f in sample.findings)
    assert not browser.find_element("id", "r-D10.1-c").is_displayed()  # only passes
    assert browser.find_element("id", "r-D10.1-b").is_displayed()  # one failure
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert visible("PASS") == passes
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_never_scrolls_sideways(
    browser: Any, sample: Report, tmp_path: Path, width: int
) -> None:
    open_page(browser, tmp_path, html.render(sample))
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    root = browser.find_element("tag name", "html")
    assert int(root.get_property("scrollWidth")) <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints_on_a4(browser: Any, sample: Report, tmp_path: Path) -> None:
    open_page(browser, tmp_path, html.render(sample))
    printed = browser.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "displayHeaderFooter": False}
    )
    import base64

    pdf = base64.b64decode(printed["data"])
    assert pdf.startswith(b"%PDF-1.")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf
