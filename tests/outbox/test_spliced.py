"""A part of an archive put together of pieces, one of which was squeezed before, reads as if it had been written in one go."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.xlsx.spliced import add_spliced, piece

TEXT = st.text(max_size=200) | st.integers(1, 300).map("宏远电子有限公司 <si>".__mul__)


def entry(name: str) -> ZipInfo:
    made = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type = ZIP_DEFLATED
    return made


def spliced(*texts: tuple[str, str, str]) -> bytes:
    """An archive of parts that share their middle with others, added behind one that was there."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(entry("there.xml"), "<there/>")
    with ZipFile(made, "a", ZIP_DEFLATED) as archive:
        for n, (first, between, last) in enumerate(texts):
            add_spliced(archive, entry(f"spliced{n}.xml"), map(piece, (first, between, last)))
        archive.writestr(entry("after.xml"), "<after/>")
    return made.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=3))
def test_pieces_read_as_one(texts: list[tuple[str, str, str]]) -> None:
    texts = [tuple(each.encode("utf-8", "replace").decode() for each in three) for three in texts]  # type: ignore[misc]
    with ZipFile(io.BytesIO(spliced(*texts))) as archive:
        assert archive.testzip() is None
        assert [archive.read(f"spliced{n}.xml").decode() for n in range(len(texts))] == [
            "".join(each) for each in texts
        ]
        assert (archive.read("there.xml"), archive.read("after.xml")) == (b"<there/>", b"<after/>")
