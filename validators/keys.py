"""A row's key in words that no change of name changes: what was handed in before it is known after it (人员新增 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.people import lasting
from policy.form import Form, people_columns
from validators.context import Context, key_text


def lasting_key(record: Form, context: Context, photos: tuple[str, ...] = ()) -> str:
    """The key of *record*, its day added where its form wants that.

    :raises AttributeError, TypeError: a column of the key cannot be used
    """
    roots = lasting_names(context)
    kept = record.model_copy(update=rooted(type(record), vars(record), roots)) if roots else record
    key = key_text(kept.key(context.submitter.lasting, photos))
    return f"{key}|{context.now:%Y-%m-%d}" if record.keyed_by_day else key


def lasting_names(context: Context) -> Mapping[str, str]:
    """Name → what stands for its bearer in keys, for those in whom the two differ."""
    return context.ask(lasting, context.now.date())


def rooted(form: type[Form], values: Mapping[str, Any], roots: Mapping[str, str]) -> dict[str, Any]:
    """The columns of *form* that name people, with what stands for these."""
    fields = (column.field for column in people_columns(form) if values.get(column.field))
    return {field: _rooted(values[field], roots) for field in fields}


def _rooted(value: Any, roots: Mapping[str, str]) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(roots.get(each, each) for each in value)
    return roots.get(value, value)
