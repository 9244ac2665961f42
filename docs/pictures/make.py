"""Make the pictures of this folder anew: the demo in a terminal as SVG, and pages of it as PNG.

`python docs/pictures/make.py` runs the demo into a temporary folder, serves it, and looks at it in headless Chromium
(WIRECOPY_CHROMIUM names one that is not on the path). Needs requirements-dev.txt.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLUMNS = 128
SHOWN_STORIES = 14
CELL, LINE, MARGIN, BAR = 8.4, 20, 18, 34  # pixels
# By the number that a terminal knows them by.
COLOURS = {1: "#ff8f85", 2: "#7fd6a0", 3: "#e8c06a", 5: "#cfa9ee", 6: "#8fd0e8"}
INK, DIM, PAPER = "#e4e7ea", "#8d98a2", "#171b1f"
ISOLATES = re.compile("[\u2066-\u2069]")
RTL = re.compile("[\u0590-\u08ff]")
CHUNK = re.compile(r"\S+(?: \S+)*")
PICTURES = {
    "stories": ("/stories?order=widest", 900),
    "story": ("{story}", 1180),
    "comparison": ("{compare}", 1180),
}


def main() -> None:
    """Run the demo, then take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "demo"
        said = run_demo(data)
        (HERE / "demo.svg").write_text(draw_terminal("./wirecopy demo", said.replace(str(data), "data/demo")), "utf-8")
        take_pages(data)


def run_demo(data: Path) -> str:
    """What the demo prints on a terminal of COLUMNS cells."""
    environ = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    command = [sys.executable, "-m", "app.cli.main", "--data", str(data), "demo"]
    return subprocess.run(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    ).stdout


def draw_terminal(command: str, said: str) -> str:
    """A terminal's text as SVG without fonts from elsewhere; each cell stands where its column begins."""
    lines = [
        Text.assemble(("$ ", "dim"), (command, "bold")),
        *shortened([Text.from_ansi(one) for one in said.splitlines()]),
    ]
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = BAR + len(lines) * LINE + MARGIN
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(command)}">',
        "<style>text{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Noto Naskh Arabic',monospace;"
        f"fill:{INK};white-space:pre}}.dim{{fill:{DIM}}}.bold{{font-weight:bold}}"
        + "".join(f".c{number}{{fill:{value}}}" for number, value in COLOURS.items())
        + "</style>",
        f'<rect width="{width}" height="{height}" rx="9" fill="{PAPER}"/>',
        *(f'<circle cx="{MARGIN + 18 * n}" cy="17" r="5.5" fill="#3a434b"/>' for n in range(3)),
    ]
    for number, line in enumerate(lines):
        drawn += draw_line(line, BAR + number * LINE + 14)
    return "\n".join([*drawn, "</svg>", ""])


def shortened(lines: list[Text]) -> Iterator[Text]:
    """The lines with the list of stories cut to SHOWN_STORIES."""
    place = next(number for number, line in enumerate(lines) if line.plain.startswith("story "))
    end = next(number for number, line in enumerate(lines) if number > place and not line.plain.strip())
    yield from lines[: place + 1 + SHOWN_STORIES]
    yield Text("⋮", "dim")
    yield from lines[end:]


def draw_line(line: Text, y: int) -> Iterator[str]:
    """Its chunks, each at its own column, so that a right-to-left one moves nothing."""
    cells = 0
    for segment in line.render(Console(width=COLUMNS, color_system="standard", force_terminal=True)):
        plain = ISOLATES.sub("", segment.text)
        for chunk in CHUNK.finditer(plain):
            x = round(MARGIN + CELL * (cells + cell_len(plain[: chunk.start()])), 1)
            kind = f' class="{classes(segment.style)}"' if classes(segment.style) else ""
            if RTL.search(chunk.group()):
                kind += ' direction="rtl" unicode-bidi="embed" text-anchor="end"'
            else:
                kind += f' textLength="{round(CELL * cell_len(chunk.group()), 1)}"'
            yield f'<text x="{x}" y="{y}"{kind}>{escape(chunk.group())}</text>'
        cells += cell_len(plain)


def classes(style: Style | None) -> str:
    """What of the style the picture knows."""
    if style is None:
        return ""
    number = style.color.number if style.color else None
    known = [("dim", style.dim), ("bold", style.bold), (f"c{number}", number in COLOURS)]
    return " ".join(name for name, holds in known if holds)


def take_pages(data: Path) -> None:
    """The pages of PICTURES, cut to their height, with few colours: small files."""
    command = [sys.executable, "-m", "app.cli.main", "--data", str(data), "web", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server, sync_playwright() as driver:
        said = server.stderr.readline() if server.stderr else ""
        found = re.search(r"http://\S+?(?=/ )", said)
        if found is None:
            sys.exit(f"the pages are not served: {said}")
        browser = driver.chromium.launch(
            executable_path=os.environ.get("WIRECOPY_CHROMIUM") or shutil.which("chromium"),
            args=["--headless", "--no-sandbox"],
        )
        page = browser.new_page(base_url=found.group(), viewport={"width": 1200, "height": 900})
        places = find_places(page)
        for name, (address, height) in PICTURES.items():
            page.goto(address.format(**places))
            page.evaluate("document.fonts.ready.then(() => true)")
            shown = min(height, page.evaluate("document.documentElement.scrollHeight"))
            taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": 1200, "height": shown})
            picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
            picture.save(HERE / f"{name}.png", optimize=True)
        browser.close()
        server.terminate()


def find_places(page: Page) -> dict[str, str]:
    """The most widely run story and the comparison with its last copy that was cut."""
    story_id = page.request.get("/stories.json?order=widest&size=1").json()["stories"][0]["story_id"]
    members = page.request.get(f"/story.json?id={story_id}").json()["members"]
    cut = [one for one in members if one["relation"] == "abridged_copy"][-1]
    return {
        "story": f"/story?id={story_id}",
        "compare": f"/compare?a={cut['derives_from']}&b={cut['article_id']}",
    }


if __name__ == "__main__":
    main()
