"""What goes over the wire: one direction for all, readable colours, nothing foreign, nothing heavy."""

import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest

from cdp.config import ROOT

STATIC = ROOT / "cdp" / "static"
TEMPLATES = ROOT / "templates"
CSS = (STATIC / "css" / "cdp.css").read_text()

PROMISE = 60_000
HTML = 15_000
FIRST_VIEW = (
    "css/cdp.css",
    "vendor/el-messiri/el-messiri-600.woff2",
    "img/icons.svg",
    "js/cdp.js",
)

TEXT_ON_GROUND = [
    *(("ink", ground) for ground in ("paper", "card", "sand", "atlas-tint", "saffron-tint", "clay-tint", "sky-tint")),
    ("ink", "olive-tint"),
    *(("quiet", ground) for ground in ("paper", "card", "sand", "atlas-tint")),
    *(("sky", ground) for ground in ("paper", "card", "sand", "sky-tint", "saffron-tint")),
    *(("atlas", ground) for ground in ("paper", "card", "sand", "atlas-tint")),
    *(("saffron-text", ground) for ground in ("paper", "card", "sand", "saffron-tint")),
    *(("clay", ground) for ground in ("paper", "card", "sand", "clay-tint")),
    ("olive", "olive-tint"),
    ("on-atlas", "atlas"),
    ("on-sun", "sun"),
    ("on-head", "head"),
    ("paper", "ink"),
]

GROUNDS = ("paper", "card")

SHAPE_ON_GROUND = [
    *((shape, ground) for shape in ("edge", "atlas", "saffron", "clay", "sky", "olive") for ground in GROUNDS),
    ("edge", "sand"),
    ("saffron", "sand"),
    ("sun", "head"),
]


def tokens(block: str) -> dict[str, str]:
    """The colours a block of declarations gives, by name."""
    return dict(re.findall(r"--cdp-([a-z-]+): (#[0-9a-f]{6});", block))


def themes() -> dict[str, dict[str, str]]:
    """The colours by light, in the dark and on paper; the later ones lie over the first."""
    light = tokens(CSS[CSS.index(":root {") : CSS.index(":lang(ar)")])
    dark = tokens(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("/* Ground */")])
    paper = tokens(CSS[CSS.index("@media print") :])
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2), from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over_the_wire(path: Path) -> int:
    """Bytes of a file as it is sent: brotli, but fonts are packed already."""
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(brotli.compress(data))


def test_contrast_is_counted_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    colours = themes()[theme]
    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text, ground in TEXT_ON_GROUND
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_can_be_told_from_their_ground(theme: str) -> None:
    colours = themes()[theme]
    weak = {
        f"{shape} on {ground}": round(contrast(colours[shape], colours[ground]), 2)
        for shape, ground in SHAPE_ON_GROUND
        if contrast(colours[shape], colours[ground]) < 3
    }
    assert weak == {}


def test_every_theme_gives_a_colour_to_the_same_names() -> None:
    light = themes()["light"]
    dark = tokens(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("/* Ground */")])
    assert set(dark) <= set(light)
    assert len(dark) >= 20


def test_the_style_knows_start_and_end_and_no_left_or_right() -> None:
    plain = re.sub(r"url\(\"data:[^\"]*\"\)", "", CSS)
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![-\w])(?:left|right|top|bottom)\s*:"
        r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)|(?<![-\w])(?:min-|max-)?(?:width|height):\s",
        re.sub(r"@media[^{]*\{", "", plain),
    )
    assert physical == []


def test_colours_come_from_the_tokens_only() -> None:
    parts = re.sub(r"url\(\"data:[^\"]*\"\)", "", CSS[CSS.index("/* Ground */") : CSS.index("/* Paper */")])
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", parts.replace('url("#fill-', "url(")) == []


def test_nothing_is_asked_from_another_host() -> None:
    known = {"http://www.w3.org/2000/svg", "https://www.w3.org/2000/svg"}
    address = r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9./-]+"
    loaded = rf"(?:<(?:link|script|img|iframe|use|source)[^>]*\s(?:href|src|srcset)=\"|url\([\"']?)({address})"
    files = [
        *((path, address) for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg", ".scss"}),
        *((path, loaded) for path in TEMPLATES.rglob("*.html")),
    ]
    foreign = {
        f"{path.name}: {host}"
        for path, wanted in files
        for host in re.findall(wanted, path.read_text())
        if host not in known
    }
    assert foreign == set()


def test_no_template_carries_style_or_script_of_its_own() -> None:
    wrong = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", path.read_text())
    ]
    assert wrong == []


def test_what_was_copied_is_what_it_says_it_is() -> None:
    vendor = STATIC / "vendor"
    said = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (vendor / "README.md").read_text(), re.M))
    ours = {"README.md", "bootstrap/bootstrap.scss"}
    found = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and (name := path.relative_to(vendor).as_posix()) not in ours
    }
    assert found == said


@pytest.mark.parametrize("bootstrap", ["bootstrap.min.css", "bootstrap.rtl.min.css"])
def test_a_first_view_leaves_its_page_the_room_it_was_promised(bootstrap: str) -> None:
    files = [STATIC / name for name in (*FIRST_VIEW, f"vendor/bootstrap/{bootstrap}")]
    assert len(files) + 1 <= 6
    assert sum(map(over_the_wire, files)) + HTML <= PROMISE


def signs() -> list[str]:
    """The signs in the order they are drawn."""
    root = ElementTree.parse(STATIC / "img" / "icons.svg").getroot()
    return [str(each.get("id")) for each in root if each.tag.endswith("symbol")]


def test_every_sign_that_a_template_names_is_drawn_once() -> None:
    drawn = signs()
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bicon\([\"']([a-z-]+)[\"']", path.read_text())
    }
    assert len(drawn) == len(set(drawn))
    assert named <= set(drawn)
    assert "star" in named


def test_the_style_finds_each_sign_in_its_cell() -> None:
    drawn = signs()
    picture = (STATIC / "img" / "icons.svg").read_text()
    cells = re.findall(r'<use href="#([a-z-]+)"(?: y="(\d+)")? width="24" height="24"/>', picture)
    assert [(name, int(y or 0)) for name, y in cells] == [(name, 24 * at) for at, name in enumerate(drawn)]
    assert f'viewBox="0 0 72 {24 * len(drawn)}"' in picture
    assert re.findall(r"\.i-([a-z-]+) \{ --sign: (\d+); \}", CSS) == [(name, str(n)) for n, name in enumerate(drawn)]
    assert CSS.count(f"100% / {len(drawn) - 1}) / 300% {len(drawn)}00%") == CSS.count("icons.svg") == 2


def test_the_style_asks_for_the_signs_as_they_are_now() -> None:
    digest = hashlib.sha256((STATIC / "img" / "icons.svg").read_bytes()).hexdigest()[:8]
    assert set(re.findall(r"icons\.svg([^\"]*)", CSS)) == {f"?v={digest}"}


def test_a_state_wears_the_sign_of_its_tone_unless_another_is_named() -> None:
    macro = (TEMPLATES / "_macros" / "text.html").read_text()
    told = dict(re.findall(r'"([a-z]+)": "([a-z]+)"', macro[macro.index("set signs") : macro.index("-%}", 200)]))
    worn = {
        tone or "next": signs()[int(n)]
        for tone, n in re.findall(r":where\(\.pill\)(?:\.is-([a-z]+))? \{ --sign: (\d+); \}", CSS)
    }
    assert worn == told


def test_a_page_with_a_picture_of_money_brings_its_fills() -> None:
    drawing = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "_macros"]
    without = [
        path.name
        for path in drawing
        if re.search(r"money_bar\(|money_picture\(|project_card\(|fill-(?:committed|pledged)", path.read_text())
        and "{% block fills %}{{ patterns() }}{% endblock %}" not in path.read_text()
    ]
    assert without == []


def test_every_sector_has_its_sign() -> None:
    sectors = (ROOT / "seeds" / "reference" / "sectors.toml").read_text()
    named = set(re.findall(r"^icon = \"([^\"]+)\"", sectors, re.M))
    assert len(named) >= 5
    assert named <= set(signs())
