"""Whether a picture has the size of a screen: screenshots are not taken at the place they show."""

from __future__ import annotations

#: width x height, the short side first: phones, tablets, desktops
SCREENS = frozenset(
    {
        (480, 800), (480, 854), (540, 960), (640, 960), (640, 1136), (720, 1280), (750, 1334), (768, 1024),
        (768, 1366), (800, 1280), (900, 1440), (900, 1600), (1050, 1680), (1080, 1920), (1200, 1920), (1242, 2208),
        (1440, 2560), (1536, 2048), (1600, 2560), (1620, 2160), (1640, 2360), (1668, 2224), (1668, 2388),
        (2048, 2732), (2160, 3840),
    }
)  # fmt: skip
#: the short sides of phones with a long screen, whose long sides come in too many lengths to list
LONG_SCREEN_WIDTHS = frozenset(
    {720, 750, 828, 1080, 1125, 1170, 1176, 1179, 1200, 1206, 1216, 1220, 1224, 1240, 1242, 1256, 1260, 1264, 1272,
     1280, 1284, 1290, 1312, 1316, 1320, 1344, 1368, 1400, 1440}
)  # fmt: skip
LONG = (1.95, 2.4)  #: no camera takes pictures this long by itself
FORMATS = frozenset({"PNG", "JPEG"})


def is_screen_sized(format: str, make: str | None, width: int, height: int) -> bool:
    """A PNG or JPEG without a camera's make, exactly as large as a common screen."""
    if make or format not in FORMATS:
        return False
    short, long = sorted((width, height))
    if (short, long) in SCREENS:
        return True
    return short in LONG_SCREEN_WIDTHS and LONG[0] <= long / short <= LONG[1]
