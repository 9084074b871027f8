"""A scanned page made ready for recognition: opened within bounds, red seals lifted off, straightened, turned.

Every step is a few milliseconds on a small copy of the page, so that the recognizer's time stays the page's time.
A `PageImage` knows the way back from its own points to those of the picture as it came, where an editor looks.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from gazette.digitization.readers.page_desk import MOST_PAGES
from gazette.errors import CopyUnreadable

#: A picture with more points than this is refused: a page at 600 dpi has a third of it.
_MOST_PIXELS = 120_000_000
#: No page is this long on one side (A3 at 600 dpi has 9,900 points).
_LONGEST_SIDE = 20_000
#: The longest side the page is worked on (points): A4 at 300 dpi; print of 小五 (9 pt) is still 37 points high.
LONGEST_SIDE = 3508
#: A page shorter than this is enlarged: below 150 dpi strokes of small print run together.
_LEAST_SIDE = 1600
#: Skew is looked for up to this many degrees on a copy of this many points, and left alone below `_LEAST_SKEW`.
_MOST_SKEW, _LEAST_SKEW, _SKEW_SIDE = 6.0, 0.12, 900
#: How much redder than green and blue a point of a seal is (of 255).
_REDNESS = 38
#: A seal is at least this wide (share of the page's shorter side: 20 of 210 mm) and at most this.
_LEAST_SEAL, _LARGEST_SEAL = 0.095, 0.45
#: A circle or ellipse fills its hull's own roundness (4πA/P²); a line of characters or a frame does not.
_LEAST_ROUNDNESS = 0.86

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as an array of RGB points. `way` maps a point (x, y, 1) of the picture as it came, turned clockwise by
    `turned` quarters, to one of this; `width` and `height` are those of the picture so turned."""

    points: Any
    way: Any
    width: int
    height: int
    turned: int = 0

    def place(self, box: Box) -> Box:
        """The box of this image on the upright picture, in widths of it: left, top, right, bottom."""
        import numpy

        left, top, right, bottom = box
        corners = numpy.array([[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]])
        across, down, _ones = numpy.linalg.inv(self.way) @ corners
        edges = (
            max(across.min(), 0),
            max(down.min(), 0),
            min(across.max(), self.width),
            min(down.max(), self.height),
        )
        return tuple(round(float(edge) / self.width, 4) for edge in edges)  # type: ignore[return-value]


class Frames:
    """The pictures of an image file (a TIFF has a page each), each decoded when it is asked for.

    Raises CopyUnreadable, also as a context manager, which closes the file.
    """

    def __init__(self, data: bytes) -> None:
        from PIL import Image

        with _refusing():
            self._image = Image.open(io.BytesIO(data))
            self.count = _count_frames(self._image)

    def __enter__(self) -> Frames:
        return self

    def __exit__(self, *_error: object) -> None:
        self._image.close()

    def draw(self, number: int) -> Any:
        """Page `number` (from 1) as a Pillow picture of RGB points."""
        with _refusing():
            self._image.seek(number - 1)
            return _frame(self._image)


@contextmanager
def _refusing() -> Iterator[None]:
    """What Pillow says of a picture that is broken or too large, in our words."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Our own bound says it in our own words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    except Image.DecompressionBombError as error:
        raise CopyUnreadable(name="图像", why="图像尺寸过大") from error
    except (OSError, ValueError, SyntaxError, ArithmeticError) as error:
        raise CopyUnreadable(name="图像", why="文件不完整或已损坏") from error


def _count_frames(image: Any) -> int:
    if getattr(image, "is_animated", False):
        try:
            image.seek(MOST_PAGES)
        except EOFError:
            image.seek(0)
        else:
            raise CopyUnreadable(name="图像", why=f"页数超过 {MOST_PAGES}")
    return int(getattr(image, "n_frames", 1))


def _frame(image: Any) -> Any:
    from PIL import ImageOps

    if image.width * image.height > _MOST_PIXELS or max(image.size) > _LONGEST_SIDE:
        raise CopyUnreadable(name="图像", why="图像尺寸过大")
    if image.format == "JPEG":
        # A larger one is decoded at half or a quarter of its size.
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    return ImageOps.exif_transpose(image).convert("RGB")


def prepare(picture: Any) -> PageImage:
    """The page of a Pillow picture at working size, without its seals and straight."""
    import cv2
    import numpy

    width, height = picture.size
    points = numpy.asarray(picture.convert("RGB"))
    scale = min(LONGEST_SIDE / max(width, height), max(1.0, min(2.5, _LEAST_SIDE / max(width, height))))
    if scale != 1.0:
        way_of_scaling = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        points = cv2.resize(points, None, fx=scale, fy=scale, interpolation=way_of_scaling)
    page = PageImage(lift_seals(points), numpy.diag([scale, scale, 1.0]), width, height)
    return straighten(page)


def lift_seals(points: Any) -> Any:
    """The page with every round red seal faded to what is printed under it; red heads and rules stay.

    Red ink lets red light through: in the red channel alone a seal is nearly white and black print stays black.
    """
    import cv2
    import numpy

    small, factor = _smaller(points, _SKEW_SIDE)
    red = small[..., 0].astype(numpy.int16) - small[..., 1:].max(axis=2)
    mask = (red > _REDNESS).astype(numpy.uint8)
    if mask.sum() < 200:
        return points
    side = min(small.shape[:2])
    # Black print crossing the ring, and noise, part it: close gaps of about two millimetres.
    reach = max(3, side // 100)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, numpy.ones((reach, reach), numpy.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    lifted = points
    for outline in outlines:
        left, top, width, height = cv2.boundingRect(outline)
        if not (_LEAST_SEAL * side <= max(width, height) <= _LARGEST_SEAL * side and _is_round(outline)):
            continue
        if lifted is points:
            lifted = points.copy()
        margin = reach
        rows = slice(max(0, round((top - margin) / factor)), round((top + height + margin) / factor))
        columns = slice(max(0, round((left - margin) / factor)), round((left + width + margin) / factor))
        lifted[rows, columns] = _through_red(points[rows, columns])
    return lifted


def _is_round(outline: Any) -> bool:
    import cv2

    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, True)
    return bool(around) and 4 * math.pi * cv2.contourArea(hull) / around**2 >= _LEAST_ROUNDNESS


def _through_red(patch: Any) -> Any:
    """The patch as its red channel shows it, the seal's own rest of grey stretched to the paper's white."""
    import numpy

    light = patch[..., 0]
    paper = float(numpy.percentile(light, 90))
    ink = (patch[..., 0].astype(numpy.int16) - patch[..., 1:].max(axis=2)) > _REDNESS
    # What the seal alone leaves: its lighter half in the red channel is paper, printed or not.
    stamped = float(numpy.percentile(light[ink], 25)) if ink.any() else paper
    white = max(min(stamped, paper), 96.0)
    grey = numpy.where(ink, numpy.clip(light * (paper / white), 0, 255), light).astype(numpy.uint8)
    return grey[..., None].repeat(3, axis=2)


def straighten(page: PageImage) -> PageImage:
    """The page turned by its skew, lines level (or, on a page lying on its side or set in columns, upright)."""
    import cv2
    import numpy

    angle = find_skew(page.points)
    if abs(angle) < _LEAST_SKEW:
        return page
    height, width = page.points.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = tuple(int(each) for each in numpy.median(page.points[:: max(1, height // 50)].reshape(-1, 3), axis=0))
    points = cv2.warpAffine(page.points, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return replace(page, points=points, way=numpy.vstack([turn, [0, 0, 1]]) @ page.way)


def find_skew(points: Any) -> float:
    """Degrees by which the page must be turned anticlockwise so that its lines stand out most from their gaps."""
    import cv2
    import numpy

    small, _factor = _smaller(points, _SKEW_SIDE)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 20).astype(
        numpy.float32
    )
    height, width = ink.shape
    if not ink.any():
        return 0.0

    def contrast(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR)
        profiles = (turned.sum(axis=1), turned.sum(axis=0))
        return max(float(numpy.square(numpy.diff(profile)).sum()) for profile in profiles)

    best = max(numpy.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 0.5), key=contrast)
    for step in (0.2, 0.05):
        best = max((best + step * offset for offset in range(-3, 4)), key=contrast)
    return float(best)


def turn(page: PageImage, quarters: int) -> PageImage:
    """The page turned clockwise by so many quarters."""
    import numpy

    turned = page
    for _ in range(quarters % 4):
        # Clockwise, (x, y) goes to (height - y, x): of these points forward, of the picture back.
        forward = numpy.array([[0.0, -1.0, turned.points.shape[0]], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        back = numpy.array([[0.0, 1.0, 0.0], [-1.0, 0.0, turned.height], [0.0, 0.0, 1.0]])
        turned = PageImage(
            numpy.rot90(turned.points, -1),
            forward @ turned.way @ back,
            turned.height,
            turned.width,
            (turned.turned + 1) % 4,
        )
    return replace(turned, points=numpy.ascontiguousarray(turned.points))


def _smaller(points: Any, side: int) -> tuple[Any, float]:
    """A copy with at most `side` points on its longer side, and its scale."""
    import cv2

    factor = min(1.0, side / max(points.shape[:2]))
    if factor == 1.0:
        return points, 1.0
    return cv2.resize(points, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), factor
