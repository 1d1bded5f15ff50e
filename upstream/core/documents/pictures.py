"""Pictures that people bring, made anew before anything of them is kept: only their pixels survive."""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from upstream.core.errors import Invalid

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
KINDS = ("PNG", "JPEG")
WIDEST, HIGHEST = 900, 300


@dataclass(frozen=True)
class Picture:
    """PNG bytes without any word but its pixels."""

    content: bytes
    width: int
    height: int


def cleaned(content: bytes) -> Picture:
    """The picture as a PNG of at most 900 by 300; the same bytes give the same.

    Invalid("logo") for what is no PNG or JPEG, is over 1 MB or 4 million pixels, or cannot be read whole.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("logo", "the picture is larger than 1 MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=KINDS) as whole:
                whole.verify()
            with Image.open(BytesIO(content), formats=KINDS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise Invalid("logo", "the picture has more than 4 million pixels")
                found.load()
                picture = found.convert("RGBA" if "A" in found.getbands() or "transparency" in found.info else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as exc:
        raise Invalid("logo", "this is no PNG or JPEG picture that can be read") from exc
    picture.info = {}
    picture.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), *picture.size)
