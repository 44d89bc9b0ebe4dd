"""A browser on Prefect's pages, as a person uses them: a form, a run's page, its menu."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # Prefect's pages ask a server of Amplitude for its configuration, whatever is set.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
_SIZE = ViewportSize(width=1440, height=900)
# Other work may have the machine meanwhile: what is waited for is always a thing on the page.
_PATIENCE_MS = 60_000
_BUILD_MS = 200_000


class Browser:
    """The pages of a Prefect server, seen by one person, and a folder for pictures of them."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page = page
        self.address = address
        self.pictures = pictures

    def log_in(self, password: str) -> None:
        """Give the password, where it is asked for."""
        self.page.get_by_placeholder("admin:pass").fill(password)
        self.page.get_by_role("button", name="Login").click()

    def open_form(self) -> None:
        """Go from the list of deployments to the form of the one on demand."""
        self.page.goto(f"{self.address}/deployments")
        self.page.get_by_role("link", name="on-demand").click()
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Custom run").click()
        expect(self.field("advanced")).to_be_visible()

    def field(self, name: str) -> Locator:
        """The label of a field of the form, and what is said of it."""
        label = self.page.locator("label").get_by_text(re.compile(rf"^{name}( \(Optional\))?$"))
        return self.page.get_by_role("main").locator("div").filter(has=label).last

    def fill_form(self, name: str, corpus: str, *, approve: bool = False) -> None:
        """Say what the form does not know, and leave the rest as it is."""
        self.page.get_by_label("name", exact=True).fill(name)
        self.page.get_by_role("button", name="Add item").first.click()
        listed = self.page.get_by_role("group").filter(
            has=self.page.get_by_role("button", name="Add item")
        )
        listed.first.get_by_role("textbox").fill(corpus)
        if approve:
            self.page.get_by_role("switch", name="approve").click()

    def submit_form(self) -> str:
        """Submit it, and go to the page of the run that comes of it; that run."""
        self.page.get_by_role("button", name="Submit").click()
        self.page.get_by_role("button", name="View run").click()
        expect(self.page.get_by_role("tab", name="Logs")).to_be_visible()
        return urlsplit(self.page.url).path.rpartition("/")[2]

    def wait_for_state(self, state: str) -> None:
        """Return once the page of the run shows the state, with all that belongs to it."""
        expect(self.page.get_by_text(state, exact=True).first).to_be_visible(timeout=_BUILD_MS)
        # A page that was opened before the first task and sees the run pause stays as it was, and
        # a veil over its timeline takes the clicks.
        self.page.reload()
        expect(self.page.get_by_text(re.compile(r"^\d+ Task runs$"))).to_be_visible()
        expect(self.page.locator("canvas").first).to_be_visible()

    def open_tab(self, name: str) -> Locator:
        """Open a tab of the run's page."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def open_menu(self) -> None:
        """Open the menu of the run's page."""
        self.page.get_by_role("button", name="Open menu").click()
        expect(self.page.get_by_role("menu")).to_be_visible()

    def choose(self, name: str) -> Locator:
        """Choose what the open menu offers; the dialog that asks back."""
        self.page.get_by_role("menuitem", name=name).click()
        dialog = self.page.get_by_role("dialog").or_(self.page.get_by_role("alertdialog"))
        expect(dialog).to_be_visible()
        return dialog

    def open_artifact(self, key: str) -> Locator:
        """Open what a run has left under a key, from the run's page."""
        self.open_tab("Artifacts").get_by_role("heading", name=key, exact=True).click()
        self.page.locator("a[href*='/artifacts/artifact/']").first.click()
        panel = self.page.get_by_role("tabpanel", name="Artifact")
        expect(panel).to_be_visible()
        return panel

    def take_picture(self, name: str, *, height: int = _SIZE["height"]) -> None:
        """Keep what is to be seen."""
        self.page.set_viewport_size({**_SIZE, "height": height})
        self.page.mouse.move(0, 0)  # so that nothing is lit up under it
        if self.page.locator("canvas").count():  # a timeline, which tells nobody when it is drawn
            self.page.wait_for_timeout(1500)
        self.page.screenshot(path=self.pictures / f"{name}.png")
        self.page.set_viewport_size(_SIZE)

    @contextmanager
    def stranger(self) -> Iterator["Browser"]:
        """Another person with a browser, whom the server does not know, while the block lasts."""
        running = self.page.context.browser
        assert running is not None
        page = _page(running)
        yield Browser(page, self.address, self.pictures)
        page.close()


@contextmanager
def browser(address: str, pictures: Path) -> Iterator[Browser]:
    """A browser on the pages at an address, for as long as the block lasts."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield Browser(_page(running), address, pictures)
        running.close()


def _page(running: Chromium) -> Page:
    """A page with nothing remembered."""
    page = running.new_page(viewport=_SIZE, timezone_id="Europe/Berlin", locale="en-GB")
    page.set_default_timeout(_PATIENCE_MS)
    return page


def picture_folder(otherwise: Path) -> Path:
    """The folder that LONGHOP_SCREENSHOTS names."""
    folder = Path(os.environ.get("LONGHOP_SCREENSHOTS") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
