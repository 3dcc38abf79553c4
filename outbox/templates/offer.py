"""Which templates are missing or older than the present forms and lists; asked for everybody at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ledger import deliveries
from ledger.book import Book
from ledger.journal import canonical
from ledger.records import Person
from outbox.queue import tell
from outbox.templates.model import FormTemplate
from policy.form import Form, columns
from policy.forms import FORMS
from policy.posts import may_submit

PERSONAL = "个人工作簿.xlsx"
_LOOK = 2  # to be raised when templates are drawn differently: everybody gets new ones

Lists = Mapping[str, Sequence[str]]
Least = Mapping[str, int]  #: key of ``[text]`` in the config → fewest characters


def forms_for(person: Person) -> tuple[type[Form], ...]:
    """The forms that this person's post may submit."""
    return tuple(form for form in FORMS if may_submit(person.post, form.submitters))


def version_of(forms: Iterable[type[Form]], lists: Lists, least: Least) -> str:
    """A word that changes with the columns of *forms*, the lists, the numbers of *least*, or the way they are drawn."""
    told = [[form.about, *(vars(column) for column in columns(form))] for form in forms]
    said = canonical([_LOOK, told, lists, least])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def offer_templates(
    book: Book, folder: str, people: Sequence[Person], lists: Lists, least: Least, now: datetime
) -> list[Person]:
    """Queue the templates that *people* do not have in their present form; gives those without a personal workbook.

    Inside a transaction.
    """
    told = {form: _template(form, lists, least) for form in FORMS}
    wanted = [(person.name, form) for person in people for form in forms_for(person)]
    names = [(person, f"{form.sheet}.xlsx") for person, form in wanted]
    have = deliveries.latest_causes(book, folder, [*names, *((person.name, PERSONAL) for person in people)])
    for (person, form), name in zip(wanted, names, strict=True):
        cause = f"template:{told[form].version}"
        if have[name] != cause:
            tell(book, person, folder, name[1], told[form], cause, now)
    return [person for person in people if have[(person.name, PERSONAL)] is None and forms_for(person)]


def _template(form: type[Form], lists: Lists, least: Least) -> FormTemplate:
    kept = {name: tuple(words) for name, words in lists.items()}
    return FormTemplate(form.sheet, kept, version_of([form], lists, least), dict(least))
