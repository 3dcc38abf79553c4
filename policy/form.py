"""What a form is: a pydantic model whose fields are the columns of a sheet.

One definition serves the template, the reader, the receipt, the approval sheet
and the manual.  Values arrive as cells were read (``str``, ``float``, ``bool``,
``datetime``, ...); the column types in :mod:`policy.columns` turn them into records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

EXAMPLE = "示例："  #: begins the first cell of a row that only shows how to fill in, and is never taken
PICTURES_SAY = "照片核对"  #: a read column: what stands written on the row's pictures, beside what the row says
NOT_READ = "没有读"  #: what stands there when nobody has looked

ColumnKind = Literal["text", "long", "choice", "date", "integer", "money", "phone", "phones", "names", "photos"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet, as staff see it."""

    field: str  #: name of the model's field
    header: str  #: the words in the header row, exactly as staff know them
    help: str
    example: str
    clause: str  #: id in ``clauses.toml``; the form's own clause where the column has none
    kind: ColumnKind
    required: bool
    choices: str | None  #: key of ``[lists]`` in the config, or None
    options: tuple[str, ...]  #: fixed words that do not come from the config
    width: int  #: characters
    blank: str  #: what a blank cell stands for: ``arrival``, the day on which the row came; '' for nothing
    former: tuple[str, ...]  #: what the header was called in sheets that staff may have kept
    least: str  #: key of ``[text]`` in the config: fewer characters are too few; '' for no such number
    latest: str  #: ``today``: a later day is refused; '' for any


def column(
    header: str,
    *,
    help: str,
    example: str = "",
    clause: str = "",
    choices: str | None = None,
    options: tuple[str, ...] = (),
    kind: ColumnKind = "text",
    required: bool = True,
    width: int = 14,
    blank: Literal["", "arrival"] = "",
    former: tuple[str, ...] = (),
    least: str = "",
    latest: Literal["", "today"] = "",
) -> Any:
    """Declare a column; a column that is not required may be blank and is then None (names, photos: empty)."""
    extra: dict[str, Any] = {
        "help": help, "example": example, "clause": clause, "choices": choices, "options": options,
        "kind": kind, "required": required, "width": width, "blank": blank,
        "former": former, "least": least, "latest": latest,
    }  # fmt: skip
    if required:
        return Field(alias=header, json_schema_extra=extra)
    return Field(default=() if kind in ("names", "photos") else None, alias=header, json_schema_extra=extra)


def like(form: "type[Form]", field: str, **changes: Any) -> Any:
    """Declare a column as *form* has it in *field*, with *changes*: one definition for what two sheets ask."""
    model = next(each for each in columns(form) if each.field == field)
    given = {name: value for name, value in vars(model).items() if name != "field"}
    return column(**{**given, **changes})


class Form(BaseModel):
    """A sheet that staff fill in.  Subclasses name the sheet, its clause and who may submit it."""

    # The schema of a form is made when its first row is read: most commands read none.
    model_config = ConfigDict(frozen=True, populate_by_name=True, arbitrary_types_allowed=True, defer_build=True)

    sheet: ClassVar[str]  #: the sheet's name
    code: ClassVar[str]  #: English name of the form, first part of its rules' ids
    clause: ClassVar[str]
    submitters: ClassVar[tuple[str, ...]]  #: posts that may drop this sheet
    chain: ClassVar[
        tuple[str, ...]
    ]  #: posts that approve it unless the config says otherwise; none: takes effect at once
    moves_customers: ClassVar[bool]  #: what held when a row came may not hold any more when it is approved
    read_columns: ClassVar[tuple[str, ...]]  #: what the software reads itself, shown to the approver
    judged: ClassVar[tuple[str, ...]]  #: headers that an approver reads beside the decision
    moves_on: ClassVar[bool]  #: another row under the key is the next step, also after the last one took effect
    keyed_by_day: ClassVar[bool]  #: the same key on another day is another matter
    about: ClassVar[str]  #: one sentence for the template and the manual, Chinese
    correctable: ClassVar[tuple[str, ...]]  #: fields that a 更正 may put right once the row has taken effect
    twice: ClassVar[str]  #: what to do when the same row is meant a second time; '' where it cannot be
    added: ClassVar[tuple[str, ...]]  #: fields that came later: left blank, a row says what it said before

    def __init_subclass__(cls, **_given: Any) -> None:
        """Keyword arguments are taken by ``__pydantic_init_subclass__``."""

    @classmethod
    def __pydantic_init_subclass__(cls, **given: Any) -> None:
        """Take the keywords of a form's class line: ``sheet=``, ``code=``, ``clause=``, ``submitters=`` and the rest."""
        for name in ("sheet", "code", "clause", "about", "twice"):
            setattr(cls, name, given.get(name, ""))
        for name in ("keyed_by_day", "moves_customers", "moves_on"):
            setattr(cls, name, bool(given.get(name, False)))
        for name in ("submitters", "chain", "read_columns", "judged", "added", "correctable"):
            setattr(cls, name, tuple(given.get(name, ())))

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """The record of *values* that were read already, one for each field and in their order.

        As ``model_construct``, which looks at every field's aliases and defaults: a tenth of what a row costs.
        """
        record = cls.__new__(cls)
        for name, held in (("__dict__", values), ("__pydantic_fields_set__", set(values)),
                           ("__pydantic_extra__", None), ("__pydantic_private__", None)):  # fmt: skip
            object.__setattr__(record, name, held)
        return record

    def key(self, submitter: str, photos: tuple[str, ...]) -> tuple[str, ...]:
        """What makes two rows the same matter; *photos* are the content hashes of the row's pictures.

        Called only on a record without bad columns.
        """
        raise NotImplementedError


@cache
def columns(form: type[Form]) -> tuple[Column, ...]:
    """The columns of *form* in the order in which they were declared."""
    return tuple(_column(form, name, field) for name, field in form.model_fields.items())


#: Headers of columns that hold one colleague's name.
_ONE_PERSON = frozenset({"姓名", "接受人", "委托人", "代理人", "销售经理"})


@cache
def people_columns(form: type[Form]) -> tuple[Column, ...]:
    """The columns of *form* that name colleagues who are in the register; nobody on 人员新增 is in it yet."""
    if form.code == "person":
        return ()
    return tuple(each for each in columns(form) if each.kind == "names" or each.header in _ONE_PERSON)


def _column(form: type[Form], name: str, field: FieldInfo) -> Column:
    extra: dict[str, Any] = dict(field.json_schema_extra or {})  # type: ignore[arg-type]
    extra["clause"] = extra["clause"] or form.clause
    return Column(field=name, header=str(field.alias), **extra)


def judged_headers(form: type[Form]) -> tuple[str, ...]:
    """The headers that stand beside the decision: those that the form names, or else its compulsory words and numbers."""
    return form.judged or tuple(each.header for each in columns(form) if each.required and each.kind != "photos")


def words_of(column: Column, by_header: Mapping[str, str]) -> str | None:
    """What a kept row says in *column*, under its header of today or of the day when the row came."""
    return next((by_header[name] for name in (column.header, *column.former) if name in by_header), None)
