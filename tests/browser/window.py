"""A window of the browser that notices what a person would complain about: noise, failures, strangers."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Request, Response

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}

ABOUT_THE_PAGE = """() => {
  const texts = [], strangers = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, text = node.data.replace(/\\s+/g, ' ').trim();
    if (!text || node.parentElement.closest('script, style, template')) continue;
    texts.push(text);
    if (node.parentElement.closest('[lang]') === document.documentElement
        && !node.parentElement.closest('bdi, code, kbd, [dir=auto]')
        && /(?:[A-Za-zÀ-ÿ’'-]{2,}[ ,;:]+){3,}[A-Za-zÀ-ÿ]{2,}/.test(text)) strangers.push(text);
  }
  for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-confirm', 'data-label'])
    for (const each of document.querySelectorAll('[' + name + ']')) texts.push(each.getAttribute(name));
  texts.push(document.title);
  const shown = (each) => each.checkVisibility() && each.getClientRects().length > 0;
  return {
    lang: document.documentElement.lang, dir: document.documentElement.dir,
    headings: document.querySelectorAll('h1').length,
    primary: [...document.querySelectorAll('main .btn-primary, main .btn-sun')]
      .filter(shown).map((each) => each.textContent.trim()),
    texts: texts.filter(Boolean), strangers,
    links: [...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), location).href),
  };
}"""

TOO_WIDE = """() => {
  const page = document.documentElement, wide = page.scrollWidth - page.clientWidth;
  if (wide <= 0) return null;
  const guilty = [...document.querySelectorAll('body *')].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1);
  }).slice(0, 4).map((each) => each.tagName + '.' + each.className);
  return wide + ' px too wide: ' + guilty.join(', ');
}"""


class Window:
    """One page of one person; ``complaints`` is empty as long as all goes well."""

    def __init__(self, browser: Browser, house: str, size: dict[str, int], **options: Any) -> None:
        self.house = house
        self.context = browser.new_context(viewport=size, base_url=house, **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.wire: list[int] | None = None
        self.page.on("console", lambda said: self.complain(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.complain(f"script: {error}"))
        self.page.on("request", self.on_request)
        self.page.on("requestfailed", self.on_failed)
        self.page.on("response", self.on_response)

    def complain(self, what: str) -> None:
        self.complaints.append(f"{self.page.url.removeprefix(self.house)}: {what}")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.house:
            self.complain(f"asks a stranger: {request.url}")

    def on_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.complain(f"failed: {request.url} {request.failure}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complain(f"{response.status} at {response.url.removeprefix(self.house)}")

    def open(self, address: str) -> Response | None:
        """Go to an address; None for one that is a file to keep and no page."""
        if self.wire is not None:
            self.wire.clear()
        try:
            answer = self.page.goto(address)
        except Error as error:
            if "Download is starting" in str(error):
                return None
            raise
        html = answer is not None and "text/html" in answer.headers.get("content-type", "")
        return answer if html else None

    def weigh(self) -> None:
        """From now on every page is a first view, and ``wire`` holds what came for it, in bytes."""
        self.wire = []
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda done: self.wire.append(int(done["encodedDataLength"])))

    def close(self) -> None:
        self.context.close()

    def about(self) -> dict[str, Any]:
        """What the page says of itself."""
        return dict(self.page.evaluate(ABOUT_THE_PAGE))

    def too_wide(self) -> str | None:
        found = self.page.evaluate(TOO_WIDE)
        return None if found is None else str(found)
