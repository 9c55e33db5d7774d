"""The copy of an image that readers are given 图片副本: drawn anew from the pixels, upright, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from qingfeng.kernel.attachments.inspect import DAMAGED
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.background.isolation import ProcessLimits

DRAWING = ProcessLimits(seconds=20, megabytes=800)
"""What drawing the largest image that is taken costs, with room to spare: some 200 MB of pixels, held thrice."""
SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 88, "method": 4},
}
"""How the copy of each kind of image is written."""


def redraw(source: Path, target: Path, form: str) -> bool:
    """Write the copy of an image to a file; whether that could be done. Raises ``Invalid`` for a damaged image."""
    try:
        with Image.open(source, formats=[form]) as image:
            pixels = _pixels(image, form)
    except (OSError, SyntaxError, ValueError, EOFError):
        raise refused(DAMAGED) from None
    try:
        pixels.save(target, format=form, **SAVED[form])
    except (OSError, ValueError):
        return False
    return True


def _pixels(image: Image.Image, form: str) -> Image.Image:
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if form != "JPEG" and image.has_transparency_data else "RGB"
    drawn = image if image.mode == mode else image.convert(mode)
    # A fresh canvas carries none of what a file says beside its pixels.
    canvas = Image.new(mode, drawn.size)
    canvas.paste(drawn)
    return canvas
