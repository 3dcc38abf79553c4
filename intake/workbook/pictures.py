"""Pictures placed in a sheet: floating over it, in a cell by WPS, in a cell by Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename

from intake.preflight.survey import Cell, SheetSurvey, Survey
from intake.raw import Picture
from intake.workbook.anchor import place_of
from intake.workbook.parts import Parts, given, named

LINKED = "工作簿里有只是链接到别处的图片，没有读取；请直接插入图片，或把照片单独放入投递文件夹"
ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass
class BookPictures:
    """The pictures of one workbook, found part by part when a sheet asks for them."""

    parts: Parts
    survey: Survey
    linked: bool = False

    def floating(self, sheet: SheetSurvey) -> Iterator[Picture]:
        """Pictures that float over the sheet, each at the cell that it was put on."""
        drawing = self.parts.targets(sheet.part).get(sheet.drawing or "") if sheet.drawing else None
        targets = self.parts.targets(drawing)
        root = self.parts.tree(drawing)
        for anchor in (element for kind in ANCHORS for element in named(root, kind)):
            for picture in named(anchor, "pic"):
                blips = tuple(named(picture, "blip"))
                part = next((targets.get(given(blip, "embed") or "") for blip in blips), None)
                self.linked |= part is None and any(given(blip, "link") for blip in blips)
                if part and (data := self.parts.picture(part)):
                    yield Picture(*place_of(anchor, sheet), basename(part), data)

    def in_cells(self, sheet: SheetSurvey, texts: Mapping[Cell, str]) -> tuple[dict[Cell, Picture], list[Cell]]:
        """Pictures that are a cell's value, and the cells whose picture is missing; *texts*: WPS ids found in text."""
        found: dict[Cell, Picture] = {}
        lost: list[Cell] = []
        for cell, name in {**texts, **sheet.pictures}.items():
            if picture := self._picture(cell, self._wps.get(name)):
                found[cell] = picture
            else:
                lost.append(cell)
        for cell, metadata in sheet.rich.items():
            if picture := self._picture(cell, self._rich.get(metadata)):
                found[cell] = picture
        return found, lost

    def _picture(self, cell: Cell, part: str | None) -> Picture | None:
        data = self.parts.picture(part)
        return Picture(*cell, basename(part), data) if part and data else None

    @cached_property
    def _wps(self) -> dict[str, str]:
        """WPS: id of ``DISPIMG`` → part, by way of ``xl/cellimages.xml``."""
        store = self.parts.related(self.survey.workbook_part, "cellImage", "xl/cellimages.xml")
        targets = self.parts.targets(store)
        found = {}
        for image in named(self.parts.tree(store), "cellImage"):
            name = next((given(props, "name") for props in named(image, "cNvPr")), None)
            part = next((targets.get(given(blip, "embed") or "") for blip in named(image, "blip")), None)
            if name and part:
                found[name] = part
        return found

    @cached_property
    def _rich(self) -> dict[int, str]:
        """Excel's place-in-cell: value metadata (``vm``, from 1) → part, by way of ``xl/richData``."""
        book = self.survey.workbook_part
        relation = self.parts.related(book, "richValueRel", "xl/richData/richValueRel.xml")
        targets = self.parts.targets(relation)
        images = [targets.get(given(rel, "id") or "") for rel in named(self.parts.tree(relation), "rel")]
        values = self._local_images()
        found = {}
        for metadata, value in self._value_metadata().items():
            index = values.get(value, -1)
            if 0 <= index < len(images) and (part := images[index]):
                found[metadata] = part
        return found

    def _local_images(self) -> dict[int, int]:
        """Index of a rich value → index among the picture relations, for values that are local images."""
        book = self.survey.workbook_part
        structures = self.parts.related(book, "rdRichValueStructure", "xl/richData/rdrichvaluestructure.xml")
        places: dict[str, int] = {}
        for number, structure in enumerate(named(self.parts.tree(structures), "s")):
            keys = [given(key, "n") for key in named(structure, "k")]
            if "_rvRel:LocalImageIdentifier" in keys:
                places[str(number)] = keys.index("_rvRel:LocalImageIdentifier")
        found = {}
        data = self.parts.related(book, "rdRichValue", "xl/richData/rdrichvalue.xml")
        for number, value in enumerate(named(self.parts.tree(data), "rv")):
            texts = [item.text or "" for item in named(value, "v")]
            place = places.get(given(value, "s") or "", len(texts))
            if place < len(texts) and texts[place].isdecimal():
                found[number] = int(texts[place])
        return found

    def _value_metadata(self) -> dict[int, int]:
        """Value metadata (from 1) → index of its rich value."""
        root = self.parts.tree(self.parts.related(self.survey.workbook_part, "sheetMetadata", "xl/metadata.xml"))
        types = [given(kind, "name") for kind in named(root, "metadataType")]
        future: list[int | None] = []
        for block in named(root, "futureMetadata"):
            if given(block, "name") == "XLRICHVALUE":
                future = [_index(next((given(r, "i") for r in named(bk, "rvb")), None)) for bk in named(block, "bk")]
        found = {}
        for block in named(root, "valueMetadata"):
            for number, bk in enumerate(named(block, "bk"), start=1):
                for rc in named(bk, "rc"):
                    kind, place = _index(given(rc, "t")), _index(given(rc, "v"))
                    if kind and kind <= len(types) and types[kind - 1] == "XLRICHVALUE" and place is not None:
                        value = future[place] if place < len(future) else None
                        if value is not None:
                            found[number] = value
        return found


def _index(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
