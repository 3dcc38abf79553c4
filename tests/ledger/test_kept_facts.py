"""What a picture says, as the journal keeps it: there and back; and questions that are kept true, by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import restorings
from ledger.book import Book
from ledger.facts_json import facts_from, facts_kept, seal_from, seal_kept
from ledger.journal import Entry
from ledger.known import FORGET, UNSETTLING, Answers, Known, Question
from ledger.records import Area, PhotoFacts, Points, Seal
from ledger.texts import KEPT_TEXTS, recent_texts, texts
from ledger.written import Line, Words, words_from, words_kept
from tests.ledger.posting import AT, decided, opened, post, row

NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
LATER = datetime.fromisoformat("2026-11-23T12:00:05+08:00")
SEAL = Seal(
    "s1", "张三", "c1", NOON, LATER, datetime(2026, 11, 23, 4, tzinfo=UTC), 3, False, 22.5, 113.9, 8.5, "aa", "bb"
)
AREA = Area("广东省", "深圳市", "南山区")
FACTS = PhotoFacts(
    "cafe", "JPEG", 100, 200, NOON, True, 22.5, 113.9, datetime(2026, 11, 23, 4, tzinfo=UTC), AREA,
    (AREA, replace(AREA, district="宝安区")), "HUAWEI", "P60", "x", "pp", 255, (1, 2**64 - 1), 12.5, False, True, False, "",
    SEAL, 2, b"preview", "photoshop", Points(1, 1, b"", b"", b""),
)  # fmt: skip
KEPT: dict[str, Any] = {
    "sha256": "cafe", "format": "JPEG", "width": 100, "height": 200, "taken_at": "2026-11-23T12:00:00+08:00", "offset_known": True,
    "lat": 22.5, "lon": 113.9, "gps_at": "2026-11-23T04:00:00+00:00",
    "place": {"province": "广东省", "city": "深圳市", "district": "南山区"},
    "near": [{"province": "广东省", "city": "深圳市", "district": name} for name in ("南山区", "宝安区")],
    "make": "HUAWEI", "model": "P60", "software": "x", "pixel_hash": "pp", "dhash": "00000000000000ff",
    "turned": ["0000000000000001", "ffffffffffffffff"], "sharpness": 12.5, "thumbnail_differs": False, "has_exif": True,
    "screen_sized": False, "trouble": "", "pages": 2, "tables": "photoshop",
    "seal": {
        "id": "s1", "person": "张三", "challenge": "c1", "taken_at": "2026-11-23T12:00:00+08:00",
        "received_at": "2026-11-23T12:00:05+08:00", "phone_at": "2026-11-23T04:00:00+00:00", "phone_ahead": 3, "late": False,
        "lat": 22.5, "lon": 113.9, "accuracy_m": 8.5, "content": "aa", "mac": "bb",
    },
}  # fmt: skip
NOTHING = replace(
    FACTS, taken_at=None, gps_at=None, place=None, near=(), dhash=None, turned=(), seal=None, lat=None, lon=None, preview=b"", points=None
)  # fmt: skip


def test_what_a_picture_says_is_kept_as_json_values_and_comes_back() -> None:
    assert facts_kept(FACTS) == KEPT
    assert facts_from(KEPT) == FACTS
    assert facts_from(KEPT).preview == b""
    assert facts_from(KEPT).points is None
    assert (seal_kept(SEAL), seal_from(KEPT["seal"])) == (KEPT["seal"], SEAL)


def test_what_a_picture_does_not_say_is_kept_as_nothing() -> None:
    nothing = dict.fromkeys(("taken_at", "gps_at", "place", "dhash", "seal", "lat", "lon"))
    kept = {**KEPT, **nothing, "near": [], "turned": []}
    assert facts_kept(NOTHING) == kept
    assert facts_from(kept) == NOTHING


def test_a_look_of_nought_is_a_look() -> None:
    kept = facts_kept(replace(FACTS, dhash=0))
    assert kept["dhash"] == "0" * 16
    assert facts_from(kept).dhash == 0


def test_older_entries_know_of_no_seals_pages_or_programs() -> None:
    old = {name: value for name, value in KEPT.items() if name not in ("seal", "pages", "tables")}
    assert facts_from(old) == replace(FACTS, seal=None, pages=1, tables="")


# -- words on pictures

LINE = Line("合同编号", 0.9, 1, (10, 20), (110, 24), 9)


def test_words_on_a_picture_are_kept_and_come_back() -> None:
    words = Words((LINE, replace(LINE, text="第二行", page=2)), 2, "")
    kept = {
        "lines": [["合同编号", 0.9, 1, 10, 20, 110, 24, 9], ["第二行", 0.9, 2, 10, 20, 110, 24, 9]],
        "pages": 2,
        "trouble": "",
    }
    assert words_kept(words) == kept
    assert words_from(kept) == words
    assert words_kept(Words(trouble="太暗")) == {"lines": [], "pages": 0, "trouble": "太暗"}
    assert words_from({"lines": [], "pages": 0, "trouble": "太暗"}) == Words(trouble="太暗")
    assert Words() == Words((), 0, "")


def test_a_line_has_an_upright_box_around_it() -> None:
    assert LINE.box == (10, 15, 110, 29)
    assert replace(LINE, start=(110, 24), end=(10, 20), height=8).box == (10, 15, 110, 29)
    assert replace(LINE, start=(10, 30), end=(12, 5), height=1).box == (10, 4, 12, 31)


# -- what is known


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


class Asked:
    """A question that notes how it is asked: about a number its double; about nought nothing."""

    def __init__(self, **given: Any) -> None:
        self.calls: list[list[int]] = []
        self.question: Question[int, int] = Question(self.ask, -1, **given)

    def ask(self, _book: Book, keys: Any) -> dict[int, int]:
        """Doubles."""
        self.calls.append(list(keys))
        return {key: 2 * key for key in keys if key}


def test_an_answer_is_asked_once_and_kept(book: Book) -> None:
    known, asked = Known(book), Asked()
    assert [known(asked.question, key) for key in (1, 1, 0, 0, 2)] == [2, 2, -1, -1, 4]
    assert asked.calls == [[1], [0], [2]]
    known.forget()
    assert (known(asked.question, 1), asked.calls[3:]) == (2, [[1]])


def test_what_many_will_ask_is_asked_together_first(book: Book) -> None:
    known, asked = Known(book), Asked()
    seen = list[tuple[int, int]]()

    def step(key: int) -> None:
        seen.append((key, known(asked.question, key)))

    assert known.foreseen is False
    known.ahead([lambda key=key: step(key) for key in (1, 2, 1, 0)])  # type: ignore[misc]
    assert asked.calls == [[1, 2, 0]]
    assert seen == [(1, -1), (2, -1), (1, -1), (0, -1), (1, 2), (2, 4), (1, 2)], "what answers lead on is taken again"
    assert known.foreseen is True
    assert [known(asked.question, key) for key in (1, 2, 0)] == [2, 4, -1]
    assert asked.calls == [[1, 2, 0]]
    known.forget()
    assert known.foreseen is False


def test_what_an_answer_leads_on_to_is_asked_in_the_next_round(book: Book) -> None:
    known, first, second = Known(book), Asked(), Asked(leads_on=lambda answer: answer == 8)
    rounds = list[int]()

    def step() -> None:
        rounds.append(1)
        if known(first.question, 1) == 2:
            known(second.question, 3)
        raise ValueError("told of later")

    known.ahead([step])
    assert (first.calls, second.calls, len(rounds)) == ([[1]], [[3]], 2), "6 leads nowhere"
    known.ahead([lambda: known(second.question, 4)])
    assert second.calls == [[3], [4]]
    known.ahead([])
    assert known.foreseen is True


def test_what_was_wanted_ahead_is_not_wanted_on_after_an_error(book: Book) -> None:
    known, asked = Known(book), Asked()

    def broken() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        known.ahead([broken])
    assert (known(asked.question, 3), known.foreseen) == (6, False)


def noted(answers: Answers, entry: Entry) -> None:
    answers[5] = (entry.subject, getattr(entry, "at"))  # noqa: B009


def test_entries_change_what_is_known_as_the_question_says(book: Book) -> None:
    known = Known(book)
    kept, loose = Asked(changes={"k": noted, "all": FORGET}), Asked(changes={"k": FORGET})
    unasked = Asked(changes={"k": noted})
    known.ahead([lambda: (known(kept.question, 1), known(loose.question, 2))])
    calls = len(kept.calls)
    known.lay_over(Entry("other", "s", "a", {}), AT)
    assert (known.foreseen, known(kept.question, 1), known(loose.question, 2)) == (True, 2, 4)
    known.lay_over(Entry("k", "s", "a", {"p": 1}), AT)
    assert known(kept.question, 5) == ("s", AT)  # type: ignore[comparison-overlap]
    assert (known(kept.question, 1), len(kept.calls), known.foreseen) == (2, calls, False)
    assert (known(loose.question, 2), len(loose.calls)) == (4, 2), "whatever was known was forgotten"
    assert known(unasked.question, 5) == 10, "nothing was known of it"
    known.ahead([])
    known.lay_over(Entry("all", "s", "a", {}), AT)
    assert (known(kept.question, 5), known.foreseen) == (10, False)


def test_what_changes_a_row_that_had_taken_effect_or_a_name_unsettles_everything(book: Book) -> None:
    assert set(UNSETTLING) == {"row.corrected", "row.voided", "person.renamed"}
    for kind in sorted(UNSETTLING):
        known, asked = Known(book), Asked(changes={kind: noted})
        known.ahead([lambda known=known, asked=asked: known(asked.question, 1)])  # type: ignore[misc]
        known.lay_over(Entry(kind, "s", "a", {}), AT)
        assert (known.foreseen, known(asked.question, 5), known(asked.question, 1)) == (False, 10, 2)


def test_what_happened_is_laid_over_with_all_that_it_says(book: Book) -> None:
    seen = list[Any]()
    known, asked = Known(book), Asked(changes={"k": lambda _answers, happened: seen.append(happened)})
    known.lay_over(Entry("k", "s", "a", {}), AT)
    assert seen == [], "nobody asked yet"
    known(asked.question, 1)
    known.lay_over(Entry("k", "s", "a", {"p": 1}), AT)
    (happened,) = seen
    assert (happened.kind, happened.subject, happened.actor, happened.payload, happened.at) == (
        "k",
        "s",
        "a",
        {"p": 1},
        AT,
    )


# -- texts


def report(
    n: int, status: str = "pending", person: str = "张三", form: str = "销售日报", minute: int | None = None
) -> Entry:
    at = f"2026-11-23T11:{n % 60 if minute is None else minute:02}:00+08:00"
    return row(f"261123-{n:04}", form, status, person, vals={"summary": f"文{n}", "none": None}, submitted_at=at)


def test_earlier_texts_are_those_of_live_rows_newest_first(book: Book) -> None:
    post(
        book, report(1), report(2, "accepted"), report(3, "waiting"), report(4, "rejected"), report(5, person="王五"),
        report(6, form="拜访记录"), report(7), Entry("row.superseded", "261123-0007", "张三", {"by": "x"}), report(8, minute=1),
    )  # fmt: skip
    found = recent_texts(book, "销售日报", "张三", "summary", frozenset({"261123-0002"}))
    assert found == [("261123-0003", "文3"), ("261123-0008", "文8"), ("261123-0001", "文1")]
    assert recent_texts(book, "销售日报", "张三", "none", frozenset()) == []
    assert recent_texts(book, "销售日报", "没有", "summary", frozenset()) == []


def test_texts_are_kept_true_while_they_are_posted(book: Book) -> None:
    keys = [
        ("销售日报", "张三", "summary"),
        ("销售日报", "张三", "none"),
        ("拜访记录", "张三", "summary"),
        ("销售日报", "王五", "summary"),
    ]
    entries = [
        report(5), report(1), report(3, "rejected"), report(4, "accepted"), report(6, form="拜访记录"), report(7, person="王五"),
        report(8, minute=4), Entry("row.superseded", "261123-0004", "张三", {"by": "x"}), decided("261123-0001", "rejected"), report(2),
    ]  # fmt: skip
    with book.transaction():
        for entry in entries:
            before = [book.known(texts, key) for key in keys]
            assert before is not None
            book.post([entry], AT)
            anew = texts.ask(book, keys)
            assert [book.known(texts, key) for key in keys] == [anew[key] for key in keys], entry
    assert texts.otherwise == []


def test_so_many_texts_are_held_against_and_an_older_one_comes_within_reach(book: Book) -> None:
    assert KEPT_TEXTS == 200
    with book.transaction():
        book.post([report(n, minute=n // 10) for n in range(1, 204)], AT)
        key = ("销售日报", "张三", "summary")
        assert [len(book.known(texts, key)), len(texts.ask(book, [key])[key])] == [201, 201]
        found = recent_texts(book, *key, frozenset())
        assert (len(found), found[0][0], found[-1][0]) == (200, "261123-0203", "261123-0004")
        assert recent_texts(book, *key, frozenset({"261123-0203"}))[-1][0] == "261123-0003"
        book.post([Entry("row.superseded", "261123-0100", "张三", {"by": "x"})], AT)
        assert recent_texts(book, *key, frozenset())[-1][0] == "261123-0003"
        book.post([Entry("row.superseded", f"261123-{n:04}", "张三", {"by": "x"}) for n in (101, 102, 103)], AT)
        assert book.known(texts, key) == texts.ask(book, [key])[key]


# -- restorings


def test_a_restoring_is_unfinished_until_everything_was_taken_again(book: Book) -> None:
    assert restorings.unfinished(book) is None
    post(book, Entry("book.mended", "x", "kebu", {}))
    length, head = book.head()
    back = restorings.put_back(book, "早上.db", "ledger-旧.db")
    given = {"from": "早上.db", "length": length, "head": head, "set_aside": "ledger-旧.db", "awaits": "book.retaken"}
    assert back == Entry("book.restored", "ledger.db", "kebu", given)
    post(book, back)
    assert restorings.unfinished(book) == restorings.Unfinished("ledger-旧.db")
    post(book, Entry("book.mended", "x", "kebu", {}))
    assert restorings.unfinished(book) == restorings.Unfinished("ledger-旧.db")
    assert restorings.taken_again(3) == Entry("book.retaken", "ledger.db", "kebu", {"files": 3})
    post(book, restorings.taken_again(3))
    assert restorings.unfinished(book) is None
    post(book, restorings.put_back(book, "早上.db", None))
    assert restorings.unfinished(book) == restorings.Unfinished(None)
    post(book, Entry("book.restored", "ledger.db", "kebu", {"from": "x", "set_aside": "y"}))
    assert restorings.unfinished(book) is None, "those of older versions await nothing"
