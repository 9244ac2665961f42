"""Text of either direction in a terminal's table.

Most terminals either reorder right-to-left text themselves or show it as stored. For the first kind a cell must be
isolated, or the words of two columns swap places; for the second kind isolates are invisible and do no harm. Terminals
that never reorder can ask for text reordered beforehand: WIRECOPY_BIDI=visual. WIRECOPY_BIDI=off leaves text alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from rich.cells import cell_len
from rich.console import Console

FSI, PDI = "\u2068", "\u2069"
MODES = ("isolate", "visual", "off")
# Controls that would turn the rest of a line around, break it, or move the cursor.
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
ELLIPSIS = "…"


def bidi_mode(console: Console, environ: Mapping[str, str] | None = None) -> str:
    """isolate, visual or off: as WIRECOPY_BIDI says; off where the output is no terminal."""
    if not console.is_terminal:
        return "off"
    wanted = (os.environ if environ is None else environ).get("WIRECOPY_BIDI", "isolate")
    return wanted if wanted in MODES else "isolate"


def plain(text: str | None) -> str:
    """Text from the outside on one line, without controls of direction or of the terminal."""
    return " ".join(_CONTROLS.sub(" ", text or "").split())


def shorten(text: str, cells: int) -> str:
    """The text in at most so many terminal cells, with an ellipsis where it was cut."""
    if cell_len(text) <= cells:
        return text
    kept: list[str] = []
    room = cells - 1
    for character in text:
        room -= cell_len(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


def set_text(text: str | None, mode: str, cells: int | None = None) -> str:
    """A cell's text as this terminal needs it, cut to its width. Isolates take no cells."""
    shown = plain(text)
    if cells is not None:
        shown = shorten(shown, cells)
    if mode == "off" or not _RTL.search(shown):
        return shown
    if mode == "visual":
        from bidi import get_display  # only whoever asks for it pays for the import

        return str(get_display(shown))
    return f"{FSI}{shown}{PDI}"
