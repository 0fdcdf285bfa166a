"""A person at a window: finds things by the words they read, in their language, and says what they see."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.house import House
from tests.browser.window import Window
from tests.browser.words import said


class Visitor:
    """One person with one language and one size of window."""

    def __init__(self, browser: Browser, house: House, language: str, size: dict[str, int], **options: Any) -> None:
        self.house, self.language = house, language
        self.shots: Path | None = options.pop("shots", None)
        self.has_script: bool = options.get("java_script_enabled", True)
        self.window = Window(browser, house.address, size, **options)
        self.page = self.window.page
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.main = self.page.locator("main")

    def is_now(self, person_id: int | None) -> None:
        """Be that person, or nobody, from the next page on."""
        self.window.context.clear_cookies()
        if person_id is not None:
            self.window.context.add_cookies([self.house.cookie_of(person_id)])  # type: ignore[list-item]

    def opens(self, address: str) -> None:
        """Type an address without its language."""
        self.page.goto(f"/{self.language}{address}")
        self.looks()

    def says(self, text: str, **values: object) -> str:
        return said(text, self.language, **values)

    def named(self, text: str, **values: object) -> re.Pattern[str]:
        """What a thing is called: it begins with these words (a sign or a hidden name may follow)."""
        return re.compile(r"^\s*" + re.escape(self.says(text, **values)))

    def follows(self, text: str, **values: object) -> None:
        """Press a link."""
        self.link(text, **values).first.click()
        self.looks()

    def goes_to(self, text: str) -> None:
        """Choose from the way through the pages at the head, behind its button on a phone."""
        menu = self.page.locator("header summary").filter(has_text=self.says("Menu"))
        if menu.is_visible():
            menu.click()
        self.page.locator("header nav:visible").get_by_role("link", name=self.says(text), exact=True).click()
        self.looks()

    def link(self, text: str, **values: object) -> Locator:
        return self.main.get_by_role("link", name=self.named(text, **values))

    def presses(self, text: str, **values: object) -> None:
        """Press a button that sends a form."""
        self.main.get_by_role("button", name=self.named(text, **values)).first.click()
        self.looks()

    def unfolds(self, text: str, **values: object) -> None:
        """Open what is folded away."""
        self.main.locator("summary").filter(has_text=self.says(text, **values)).first.click()

    def writes(self, text: str, value: str) -> None:
        """Fill the field with that label; of words in several languages the one of the page."""
        label = self.says(text)
        group = self.main.locator("fieldset").filter(has=self.page.locator("legend", has_text=label))
        field = self.main.get_by_label(self.named(text))
        words = group.locator(f'[name$="-{self.language}"]')
        (field.first if field.count() else words.first).fill(value)

    def chooses(self, text: str, label: str) -> None:
        """Choose from a list, by what is read there."""
        self.main.get_by_label(re.compile(r"^\s*" + re.escape(self.says(text)))).first.select_option(
            label=self.says(label)
        )

    def ticks(self, text: str, **values: object) -> None:
        """Tick a box or a round button by its words."""
        self.marks(self.main.get_by_label(self.named(text, **values)).first)

    def marks(self, box: Locator) -> None:
        """Press what is written beside a box; the whole line answers."""
        self.main.locator(f'label[for="{box.get_attribute("id")}"]').click()
        expect(box).to_be_checked()

    def sees(self, text: str, **values: object) -> None:
        """These words stand on the page and can be seen."""
        expect(self.main.get_by_text(self.says(text, **values)).first).to_be_visible()

    def misses(self, text: str, **values: object) -> None:
        """These words stand nowhere on the page."""
        expect(self.main.get_by_text(self.says(text, **values))).to_have_count(0)

    def reads(self, part: str = "") -> str:
        """The text of the page, or of its first such part, with plain spaces in its numbers."""
        text = (self.main.locator(part).first if part else self.main).inner_text()
        return re.sub(r"(?<=\d)[,\u202f\u00a0.](?=\d{3}\b)", " ", text)

    def looks(self) -> None:
        """Whatever page this is, it fits the window; a picture is kept when pictures are asked for."""
        self.page.wait_for_load_state()
        wide = self.window.too_wide()
        assert wide is None, f"{self.page.url}: {wide}"
        if self.shots:
            path = re.sub(r"\W+", "-", self.page.url.removeprefix(self.house.address)).strip("-")
            name = f"{len(list(self.shots.iterdir())):03}-{self.page.viewport_size['width']}-{path[:60]}.png"  # type: ignore[index]
            self.page.screenshot(path=self.shots / name, full_page=True)

    def is_told(self, status: int) -> None:
        """The last page said no, in its own words and with this status, and that is right."""
        expect(self.main).to_be_visible()
        said_no = [each for each in self.window.complaints if re.search(rf"\b{status}\b", each)]
        assert said_no, f"nothing was refused with {status}"
        self.window.complaints = [each for each in self.window.complaints if each not in said_no]

    def leaves(self) -> None:
        """Close the window; nothing may have gone wrong on the way."""
        self.window.close()
        assert self.window.complaints == []
