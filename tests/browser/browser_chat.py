"""The widget as a patient sees it: found by role and name, never by its insides."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect


@dataclass
class Chat:
    """One tab with the widget on its page."""

    page: Page

    @classmethod
    def visit(cls, context: BrowserContext, url: str) -> Chat:
        page = context.new_page()
        page.goto(url)
        return cls(page)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("clinic-chat button[aria-haspopup=dialog]")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.dialog.get_by_role("textbox")

    @property
    def status(self) -> Locator:
        return self.dialog.get_by_role("status")

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.log.get_by_text("I am an automated helper for")).to_be_visible()
        return self

    def say(self, text: str) -> Chat:
        self.field.fill(text)
        self.button("Send").click()
        return self

    def sees(self, text: str) -> Chat:
        expect(self.log.get_by_text(text, exact=True)).to_be_visible()
        return self

    def words(self) -> list[str]:
        """The texts of the messages, in order."""
        return self.log.locator(".words").all_inner_texts()

    def menu(self) -> Chat:
        self.button("More").click()
        return self
