"""Pictures as people bring them."""

from io import BytesIO

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    """A blue one."""
    out = BytesIO()
    Image.new("RGB", size, "#1f5a85").save(out, kind, **more)
    return out.getvalue()
