"""What the book answers about money, ownership and fines, asked of a real one: exact figures, the same asked anew or kept.

Each question is asked before and after every entry of a scene, in one transaction, and once more of the finished book:
what was kept up to date must say what is asked anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import activity, attempts, charges, deals, holdings, payments
from ledger.attempts import attempts_on
from ledger.book import Book
from ledger.deals import Deal, Ordered
from ledger.holdings import UnderWay
from ledger.journal import Entry
from ledger.payments import Credit, Paid
from tests.ledger.entries import DAY, NAME, NOON, both, customer, decided, gone, leave, open_records, post, received

# -- orders


def order(number: str, status: str = "accepted", person: str = "张三", fen: int = 100_00, **other: Any) -> Entry:
    vals = {"signed_on": "2026-11-20", "amount_fen": fen, "contract_no": "HY-1"}
    read = {"customer_key": NAME, "contract_key": "hy-1", **other.pop("read", {})}
    return received(number, "成交订单", status, person, vals={**vals, **other.pop("vals", {})}, read=read, **other)


def test_a_contract_number_names_the_live_orders_that_bear_it(book: Book) -> None:
    found = both(
        book, deals.contracts, ["hy-1", "hy-2"], order("3"), order("2", "pending", "王五"), order("1", "rejected"),
        order("4", "waiting"), order("5"), gone("5"), order("6", read={"contract_key": "hy-2"}),
        received("7", "客户回款", "accepted", read={"contract_key": "hy-1"}),
    )  # fmt: skip
    assert found == [(Deal("2", "王五"), Deal("3", "张三"), Deal("4", "张三")), (Deal("6", "张三"),)]


def test_the_same_customer_day_and_amount_may_be_the_same_deal(book: Book) -> None:
    here = (NAME, date(2026, 11, 20), 100_00)
    keys = [
        here,
        (NAME, date(2026, 11, 21), 100_00),
        (NAME, date(2026, 11, 20), 1),
        ("别家", date(2026, 11, 20), 100_00),
    ]
    found = both(
        book, deals.same_deals, keys, order("2"), order("1", "pending", "王五"), order("3", "rejected"),
        order("4", vals={"signed_on": "2026-11-21"}), order("5", vals={"signed_on": None}), order("6"), gone("6"),
    )  # fmt: skip
    assert found == [(Deal("1", "王五"), Deal("2", "张三")), (Deal("4", "张三"),), (), ()]


def test_an_order_that_was_handed_in_anew_is_the_one_in_its_place(book: Book) -> None:
    found = both(
        book, deals.orders, ["1", "2", "3", "4", "5"], order("1", key="k"), gone("1", "2"), order("2", "pending", key="k"),
        order("3", "pending", key="r"), decided("3", "驳回"), received("4", "客户回款"),
    )  # fmt: skip
    stands = Ordered("2", "张三", NAME, "pending", 100_00)
    assert found == [stands, stands, Ordered("3", "张三", NAME, "rejected", 100_00), None, None]
    (again,) = both(book, deals.orders, ["3"], order("6", "waiting", "王五", 5, key="r"))
    assert again == Ordered("6", "王五", NAME, "waiting", 5)
    (nobodys,) = both(
        book, deals.orders, ["7"], order("7", "pending", key=""), order("8", key=""), decided("7", "驳回")
    )
    assert nobodys.receipt_no == "7"


# -- payments


def payment(number: str, fen: int, status: str = "accepted", kind: str = "销售回款", **other: Any) -> Entry:
    vals = {
        "kind": kind,
        "amount_fen": fen,
        "order_no": "1",
        "paid_on": "2026-11-22",
        "serial": None,
        **other.pop("vals", {}),
    }
    return received(
        number, "客户回款", status, other.pop("person", "张三"), vals=vals, read={"customer_key": NAME}, **other
    )


def test_what_an_order_has_brought_counts_refunds_against_it_and_what_waits_with_it(book: Book) -> None:
    (found, nothing) = both(
        book, deals.paid, ["1", "2"], order("1", key="k"), order("2"), payment("a", 30_00), payment("b", 20_00, "pending"),
        payment("c", 10_00, kind="退款"), payment("d", 99_00, "rejected"), payment("e", 99_00), gone("e"),
        payment("f", 99_00, vals={"order_no": "3"}),
    )  # fmt: skip
    assert (found, nothing) == ({"a": 30_00, "b": 20_00, "c": -10_00}, {})
    (moved,) = both(book, deals.paid, ["9"], gone("1", "9"), order("9", key="k"))
    assert moved == {"a": 30_00, "b": 20_00, "c": -10_00}


def test_what_was_paid_before_the_book_is_reckoned_in(book: Book) -> None:
    read = {"opening_paid_fen": 40_00}
    found = both(
        book, deals.paid, ["1", "2"], order("1", read=read), order("2", read={"opening_paid_fen": 0}), payment("a", 1)
    )
    assert found == [{"1": 40_00, "a": 1}, {}]


def test_the_same_customer_day_and_amount_may_be_the_same_money(book: Book) -> None:
    here = (NAME, date(2026, 11, 22), 30_00)
    found = both(
        book, payments.same_payments, [here, (NAME, date(2026, 11, 22), 31_00)], payment("b", 30_00, vals={"serial": "S"}),
        payment("a", 30_00, "waiting", person="王五"), payment("c", 30_00, "rejected"), payment("d", 30_00, kind="退款"),
        payment("e", 30_00), gone("e"), order("1"),
    )  # fmt: skip
    assert found == [(Paid("a", "王五", None), Paid("b", "张三", "S")), ()]


def test_an_order_is_open_until_it_is_paid_to_the_last_fen_and_confirmed(book: Book) -> None:
    post(book, customer(1), customer(2, owner=None), customer(3))
    post(
        book, order("1", customer_id=1), order("0", customer_id=1), order("2", customer_id=2),
        order("3", "pending", customer_id=3), payment("a", 99_99), payment("b", 1, "pending"),
        payment("x", 100_00, vals={"order_no": "0"}),
    )  # fmt: skip
    assert deals.open_orders(book) == {1: ("1",)}
    post(book, decided("b"), decided("3"))
    assert deals.open_orders(book) == {3: ("3",)}
    post(book, payment("c", 1, kind="退款"), payment("d", 1, kind="退款", vals={"order_no": "0"}))
    assert deals.open_orders(book) == {1: ("0", "1"), 3: ("3",)}


def test_a_bank_line_confirms_one_payment(book: Book) -> None:
    line = {"arrived_on": "2026-11-22", "payer": NAME, "amount_fen": 5, "memo": "货款", "receipt_no": "b1"}
    post(
        book, Entry("bank.received", "S2", "钱会计", line), Entry("bank.received", "S1", "钱会计", {**line, "memo": None}),
        Entry("bank.received", "S0", "钱会计", {**line, "arrived_on": "2026-11-23"}),
    )  # fmt: skip
    used = [Entry("bank.used", "S2", "钱会计", {"receipt_no": number}) for number in ("a", "b")]
    post(book, *used)
    post(book, Entry("bank.received", "S3", "钱会计", {**line, "amount_fen": 6}))
    day = date(2026, 11, 22)
    first, second = Credit("S1", day, NAME, 5, None), Credit("S2", day, NAME, 5, "a", "货款")
    assert payments.lines_of(book, day, 5) == [first, second]
    assert [line.serial for line in payments.unused_lines(book)] == ["S1", "S3", "S0"]
    assert payments.unused_lines(book)[0] == first
    assert [payments.used_by(book, serial) for serial in ("S1", "S2", "S9")] == [None, "a", None]


def test_what_each_person_reached_counts_in_the_days_asked_for(book: Book) -> None:
    post(
        book, order("1", vals={"signed_on": "2026-11-01"}), order("2", vals={"signed_on": "2026-11-30"}),
        order("3", vals={"signed_on": "2026-12-01"}), order("4", "pending"), order("5", read={"opening_paid_fen": 0}),
        payment("a", 30_00), payment("b", 5_00, kind="退款"), payment("c", 9, "pending"),
        received("p", "客户回款", "accepted", vals={"kind": "销售回款", "amount_fen": 7, "paid_on": "2026-11-05"},
                 read={"for_person": "王五"}),
        received("v1", "拜访记录", "accepted", read={"visited_at": "2026-11-30 15:00"}),
        received("v2", "拜访记录", "accepted", read={"visited_at": ""}),
        received("v3", "拜访记录", "accepted", read={"visited_at": "2026-12-01 09:00"}),
        received("v4", "拜访记录"),
        received("n1", "客户新增", "accepted", vals={"owner": "王五"}), received("n2", "客户新增", "accepted"),
        received("n3", "客户新增", "rejected"),
    )  # fmt: skip
    found = {
        (each["person"], each["kind"]): each["n"]
        for each in activity.achieved(book, date(2026, 11, 1), date(2026, 11, 30))
    }
    assert found == {
        ("张三", "orders_fen"): 200_00, ("张三", "payments_fen"): 25_00, ("王五", "payments_fen"): 7, ("张三", "visits"): 2,
        ("王五", "new_customers"): 1, ("张三", "new_customers"): 1,
    }  # fmt: skip


# -- whose it is


def test_what_somebody_holds_counts_what_waits_for_them_once(book: Book) -> None:
    scene = [
        customer(1), customer(2), customer(3, owner="王五"), customer(4, owner=None),
        received("1", "客户新增", "waiting", read={"owner": "张三"}), received("2", "客户申领"),
        received("3", "客户转交", person="王五", vals={"receiver": "张三"}, read={"moving": [3, 9]}),
        received("4", "客户转交", vals={"receiver": "王五"}, read={}), received("5", "客户申领", "rejected"),
        received("6", "客户申领"), gone("6"), received("7", "信息变更"), received("8", "客户申领", person="王五"), decided("8"),
    ]  # fmt: skip
    mine, theirs, nobodys = both(book, holdings.holdings, ["张三", "王五", "陈六"], *scene)
    assert (mine.owned, mine.waiting, dict(mine.asked)) == (2, 4, {"1": 1, "2": 1, "3": 2})
    assert (theirs.owned, theirs.waiting, dict(theirs.asked)) == (1, 0, {"4": 0})
    assert (nobodys.owned, nobodys.waiting) == (0, 0)
    assert [holdings.held_by(book, "张三", besides) for besides in ("", "3", "2", "8")] == [6, 4, 5, 6]


def test_what_changes_hands_is_counted_with_whom_it_is(book: Book) -> None:
    def to(owner: str, kind: str = "customer.claimed") -> Entry:
        return Entry(kind, "4", "张三", {"owner": owner, "shared": [], "day": "2026-11-23", "receipt_no": "1"})

    recycled = Entry("customer.recycled", "1", "kebu", {"day": "2026-11-23", "owner": "张三"})
    scene = [customer(1), customer(4, owner=None), to("张三"), to("王五", "customer.transferred"), recycled]
    mine, theirs = both(book, holdings.holdings, ["张三", "王五"], *scene)
    assert (mine.owned, theirs.owned) == (0, 1)


def test_a_days_claims_are_those_that_were_not_refused(book: Book) -> None:
    keys = [("张三", DAY), ("张三", date(2026, 11, 24)), ("王五", DAY)]
    found = both(
        book, holdings.claims, keys, received("1", "客户申领"), received("2", "客户申领", "accepted"),
        received("3", "客户申领", "rejected"), received("4", "客户申领"), gone("4"), received("5", "客户新增"),
        received("6", "客户申领", submitted_at="2026-11-24T00:00:00+08:00"), received("7", "客户申领", "waiting", "王五"),
    )  # fmt: skip
    assert found == [{"1", "2"}, {"6"}, {"7"}]


def test_a_customer_is_spoken_for_while_something_about_it_waits(book: Book) -> None:
    found = both(
        book, holdings.under_way, [1, 2, 3], received("3", "客户申领", customer_id=1),
        received("2", "信息变更", "waiting", "王五", customer_id=1), received("1", "客户申领", "rejected", customer_id=1),
        received("4", "客户转交", customer_id=1, read={"moving": [1, 2]}), received("5", "拜访记录", customer_id=2),
        received("6", "客户申领", customer_id=3), gone("6"), received("7", "客户申领", customer_id=3), decided("7"),
    )  # fmt: skip
    first = (UnderWay("2", "王五", "信息变更"), UnderWay("3", "张三", "客户申领"), UnderWay("4", "张三", "客户转交"))
    assert found == [first, (UnderWay("4", "张三", "客户转交"),), ()]


# -- fines


def test_the_last_ruling_on_a_day_holds_and_objections_are_known(book: Book) -> None:
    on, other = DAY.isoformat(), "2026-11-24"
    post(
        book, *(received(str(n), "扣款核定", day=on) for n in range(1, 4)), received("4", "扣款核定", person="王五", day=other),
        received("5", "日报申诉", person="王五", day=on), received("6", "日报申诉", "waiting", "陈六", day=on),
        received("7", "日报申诉", "rejected", "周八", day=on), received("8", "日报申诉", person="赵总", day=on),
    )  # fmt: skip
    assert charges.open_on(book, "扣款核定", DAY) == {"张三": "3"}
    assert charges.open_on(book, "日报申诉", DAY) == {"王五": "5", "陈六": "6", "赵总": "8"}
    post(
        book, decided("2", at="2026-11-24T09:00:00+08:00"), decided("1", "驳回", at="2026-11-24T10:00:00+08:00"),
        decided("3", "驳回", by="孙人", at="2026-11-24T08:00:00+08:00"), decided("8", "驳回"), decided("4"),
    )  # fmt: skip
    assert charges.rulings_on(book, DAY) == {"张三": charges.Ruling("1", False, "李四", "看过")}
    assert charges.rulings_on(book, date(2026, 11, 24)) == {"王五": charges.Ruling("4", True, "李四", "看过")}
    assert charges.refused_appeals_on(book, DAY) == {"赵总": "看过"}
    post(book, received("10", "日报申诉", person="周八", day=on), decided("10", "驳回", comment=""))
    assert charges.refused_appeals_on(book, DAY) == {"赵总": "看过", "周八": ""}
    post(book, gone("1"))
    assert charges.rulings_on(book, DAY)["张三"].receipt_no == "2"
    post(book, received("9", "扣款核定", day=on), decided("9", at="2026-11-25T09:00:00+08:00", comment=""))
    assert charges.rulings_on(book, DAY) == {"张三": charges.Ruling("9", True, "李四", "")}


def mended(form: str) -> Entry:
    given = {"receipt_no": "2", "form": form, "action": "作废", "reason": "重复"}
    return Entry("row.voided", "1", "张三", given)


ALWAYS = charges.Span("0000-01-01", "9999-12-31")
ON = charges.Span("2026-11-23", "2026-11-23")


@pytest.mark.parametrize(
    ("entries", "spans"),
    [
        ((), []),
        ((received("1", "扣款核定", day="2026-11-23"),), [ON]),
        ((received("1", "日报申诉", day="2026-11-23"), gone("1")), [ON]),
        ((received("1", "日报申诉", day="2026-11-23"), decided("1")), [ON]),
        ((received("1", "销售日报", day="2026-11-23"), decided("1")), []),
        ((leave("2026-11-30", "2026-12-02"),), [charges.Span("2026-11-30", "2026-12-02")]),
        *(((received("1", form, "accepted"), mended(form)), [ALWAYS]) for form in ("销售日报", "日报豁免")),
        ((received("1", "成交订单", "accepted"), mended("成交订单")), []),
        ((customer(1),), []),
    ],
)  # fmt: skip
def test_what_may_change_fines_is_known_by_its_days(
    book: Book, entries: tuple[Entry, ...], spans: list[charges.Span]
) -> None:
    post(book, received("0", "扣款核定", day="2026-11-01"), leave("2026-11-01", "2026-11-02", "00"))
    before = book.length()
    post(book, *entries)
    assert charges.moved_since(book, before) == spans
    assert charges.moved_since(book, book.length()) == []


def test_up_to_where_months_were_looked_through_is_remembered(book: Book) -> None:
    assert charges.looked_until(book) == 0
    for seq in (5, 9):
        with book.transaction():
            charges.look_until(book, seq, NOON)
        assert charges.looked_until(book) == seq
    book.db.execute("UPDATE renewed_mark SET seq = 8")
    assert charges.looked_until(book) == 0, "whoever moves it hides nothing"


def test_everything_that_somebody_tried_on_a_day_is_known_with_its_reason(book: Book) -> None:
    finding = {
        "rule": "r",
        "clause": "c",
        "severity": "refuse",
        "column": "日期",
        "message": "日期不对",
        "remedy": "改",
    }
    findings = [finding, {**finding, "severity": "flag", "message": "提醒"}, {**finding, "message": "太短"}]
    file = {
        "id": 1, "person": "张三", "name": "日报.xlsx", "kind": "workbook", "sha256": "a", "arrived_at": "2026-11-23T19:00:00+08:00",
        "outcome": "refused", "reason": "打不开", "by_machine": 0,
    }  # fmt: skip
    columns = {each["name"] for each in book.ask("SELECT name FROM pragma_table_info('s_files')")}
    rest = dict.fromkeys(columns - file.keys())

    def taken(number: int, **other: Any) -> Entry:
        return Entry("file.taken", str(number), "张三", {**rest, **file, "id": number, **other})

    post(
        book, received("1", "销售日报", "rejected", day="2026-11-23", findings=findings),
        received("2", "销售日报", "rejected", day="2026-11-24"), received("3", "销售日报", "rejected", day="2026-11-20"),
        received("4", "拜访记录", "rejected"), received("5", "拜访记录"), received("6", "拜访记录", person="王五"), decided("6", "驳回"),
        taken(1), taken(2, kind="photo", name="甲.jpg"), taken(3, by_machine=1), taken(4, outcome="taken"),
        taken(5, arrived_at="2026-11-24T00:00:00+08:00"),
    )  # fmt: skip
    found = attempts_on(book, DAY)
    assert set(found) == {"张三"}
    told = [(each.what, each.why, each.report) for each in found["张三"]]
    assert told == [
        ("拜访记录（受理号 4）", "有内容要改", False), ("销售日报（受理号 1）", "日期不对；太短", True),
        ("销售日报（受理号 2）", "有内容要改", True), *sorted([("文件“日报.xlsx”", "打不开", True), ("照片“甲.jpg”", "打不开", False)]),
    ]  # fmt: skip
    assert [each.at for each in found["张三"]] == sorted(each.at for each in found["张三"])
    assert [each.what for each in attempts_on(book, date(2026, 11, 20))["张三"]] == ["销售日报（受理号 3）"]


def test_a_void_report_and_a_sheet_that_was_not_taken_were_tried_too(book: Book) -> None:
    void = {"receipt_no": "2", "form": "销售日报", "action": "作废", "reason": "交错了"}
    sheet = {
        "file_id": 1, "sheet": "我的一天", "name": "日报.xlsx", "arrived_at": "2026-11-23T19:00:00+08:00", "form": "",
        "reason": "不是本系统的表格",
    }  # fmt: skip
    columns = {each["name"] for each in book.ask("SELECT name FROM pragma_table_info('s_unfit_sheets')")} - {"person"}
    rest = dict.fromkeys(columns - sheet.keys())

    def unfit(**other: Any) -> Entry:
        return Entry("sheet.unfit", "1", "张三", {**rest, **sheet, **other})

    post(
        book, received("1", "销售日报", "accepted", day="2026-11-23"), Entry("row.voided", "1", "赵总", void), unfit(),
        unfit(sheet="", file_id=2), unfit(sheet="拜访", form="拜访记录", file_id=3), unfit(sheet="日报", form="销售日报", file_id=4),
        unfit(sheet="别的一天", arrived_at="2026-11-24T00:00:00+08:00", file_id=5),
    )  # fmt: skip
    found = attempts_on(book, DAY)["张三"]
    assert [(each.what, each.why, each.report) for each in found] == [
        ("销售日报（受理号 1）", "已由受理号 2 作废：交错了", True),
        *sorted([
            ("文件“日报.xlsx”", "不是本系统的表格", True), ("文件“日报.xlsx”的工作表“我的一天”", "不是本系统的表格", True),
            ("文件“日报.xlsx”的工作表“拜访”", "不是本系统的表格", False), ("文件“日报.xlsx”的工作表“日报”", "不是本系统的表格", True),
        ]),
    ]  # fmt: skip


def test_records_are_not_written_into() -> None:
    assert open_records(attempts, charges, deals, holdings, payments) == []
