"""What a command says of what it did: data for machines, lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outbox.reports.group import GroupOverview
    from service.answers.opening import Opened
    from service.days.periods import Closed
    from service.founding import Founded
    from service.reissuing import Reissued
    from service.retaking import Retaken
    from service.summary import Summary
    from service.upkeep.backups import Drill
    from service.upkeep.erasing import Done, Plan
    from service.upkeep.keeping import Proving
    from service.upkeep.restoring import Restored

Said = tuple[Mapping[str, Any], list[str]]


def of_setting_up(made: Founded | None, taken: Opened | None) -> Said:
    """What ``init`` did with the roster and with the customers that were there before."""
    data: dict[str, Any] = {}
    lines: list[str] = []
    if made:
        data |= {"people": made.people, "outcomes": made.outcomes, "receipt": made.receipt}
        lines.append(f"在册人员 {made.people} 人")
    if taken:
        data |= {"customers": taken.outcomes, "customers_receipt": taken.receipt, "beyond": taken.beyond}
        rows = "，".join(f"{word} {n} 行" for word, n in Counter(map(str, taken.outcomes)).items()) or "没有行"
        lines += [f"期初客户：{rows}", *taken.beyond, *([f"每一行的结果见 {taken.receipt}"] if taken.receipt else [])]
    return data, lines


def troubles_of_setting_up(made: Founded | None, taken: Opened | None) -> list[str]:
    """Why the roster or 期初客户, or rows of them, did not go in."""
    words = [made.trouble, f"名册中有行被退回，原因见 {made.receipt}" if made.receipt else ""] if made else []
    if taken:
        words += [
            taken.trouble,
            f"期初客户中有 {taken.returned} 行被退回，原因见 {taken.receipt}" if taken.returned else "",
        ]
    return [each for each in words if each]


def of_blanks(written: list[Path]) -> Said:
    """Which blank workbooks were written."""
    return {"written": written}, [f"已写出 {path}" for path in written] or ["空白表都已存在，没有改动"]


def of_round(summary: Summary) -> Said:
    """What ``run`` took, and what became of it."""
    rows = "，".join(f"{word} {n} 行" for word, n in summary.outcomes.items()) or "没有新的行"
    return asdict(summary), [
        f"收取文件 {summary.files} 个（照片 {summary.photos}，拒收 {summary.refused}）：{rows}",
        f"审批决定 {summary.decisions} 个，发出审批单 {summary.sheets_issued} 份，送达文件 {summary.delivered} 个"
        + (f"；还在写入的文件 {summary.settling} 个" if summary.settling else ""),
    ]


def of_closing(closed: Closed, *, nothing: str) -> Said:
    """What closing a day or a month did; *nothing* stands where there was nothing to count."""
    words = "，".join(f"{word} {n}" for word, n in closed.counts.items()) or nothing
    version = f"（第 {closed.version} 版）" if closed.version else "（没有变化）"
    if closed.kept_for:
        version = f"（{'、'.join(closed.kept_for)}没有人担任，还没有送达，已留存；有人任职后自动送达）"
    data = {
        "period": closed.period, "version": closed.version, "counts": closed.counts, "files": closed.files,
        "for_operator": closed.for_operator, "kept_for": closed.kept_for,
    }  # fmt: skip
    return data, [f"{closed.period}：{words}{version}", *closed.files]


def troubles_of_closing(closed: Closed) -> list[str]:
    """What the operator must look into."""
    return [*(f"{closed.period} 没有人收：{post}没有人担任" for post in closed.kept_for), *closed.for_operator]


def of_status(found: Mapping[str, Any]) -> Said:
    """What waits, by whom it waits for; the watcher last."""
    decided, unissued, photos = (found[key] for key in ("waiting_for_decision", "not_yet_issued", "waiting_for_photos"))
    parts = [
        (
            "等待审批",
            [f"{row['approver']}  {row['form']}  {row['receipt_no']}  自 {row['since'][:16]}" for row in decided],
        ),
        ("等待发出审批单", [f"{row['form']}  {row['receipt_no']}  {row['person']}" for row in unissued]),
        ("等待补照片", [f"{row['person']}  {row['receipt_no']}" for row in photos]),
    ]
    lines = [
        line
        for title, rows in parts
        if rows
        for line in (f"{title}（{len(rows)}）", *(f"  {title}：{row}" for row in rows))
    ]
    return found, [
        *lines,
        *_of_missing(found["missing"]),
        found["storage_words"],
        found["watcher"]["words"],
        *_of_door(found["door"]),
    ]


def _of_missing(missing: Mapping[str, Any]) -> list[str]:
    """Whoever deletes their own receipt does nothing wrong: it is told, not to be mended."""
    people = missing["people"]
    if not people:
        return []
    each = "，".join(f"{person} {n}" for person, n in people.items())
    lost = f"；其中 {missing['wordless']} 个是旧版本送达的，补不出来" if missing["wordless"] else ""
    return [f"取件里已不在的文件 {sum(people.values())} 个（{each}）{lost}。本人删掉的不用管；要补发，运行 reissue"]


def of_reissuing(done: Reissued) -> Said:
    """What was put back into 取件."""
    words = f"已补发 {len(done.files)} 个文件" if done.files else "没有补发文件"
    return asdict(done), [words, *(f"  {path}" for path in done.files)]


def troubles_of_reissuing(done: Reissued) -> list[str]:
    """What could not be put back, each by name."""
    why = "旧版本送达，没有留下内容，补不出来，请从共享文件夹的备份里找回"
    return [*(f"{path}：{why}" for path in done.wordless), *done.troubles]


def _of_door(phones: Mapping[str, Any]) -> list[str]:
    """A company without the door need not hear of it."""
    if not (phones["enabled"] or phones["running"] or phones["devices"]):
        return []
    return [f"{phones['words']}：绑定手机 {phones['devices']} 部，送达后还没有收取的 {phones['waiting']} 份"]


def troubles_of_status(found: Mapping[str, Any]) -> list[str]:
    """What needs the operator, group by group."""
    return [f"{group}：{words}" for group, several in found["groups"].items() for words in several]


def of_story(about: str, day: str | None, lines: list[str]) -> Said:
    """The story of a row, or of a person's day."""
    return {**({"person": about, "date": day} if day else {"receipt_no": about}), "story": lines}, lines


def of_drill(done: Drill) -> Said:
    """Whether a backup would do."""
    return asdict(done), done.lines


def of_restoring(done: Restored, again: Retaken | None = None) -> Said:
    """What was put back, and what was taken again from the archive."""
    more, lines = (asdict(again), again.lines) if again else ({}, [])
    return {**asdict(done), **more}, [*done.lines, *lines]


def of_group(made: GroupOverview, target: Path) -> Said:
    """Where the overview of the group lies, and what it found."""
    data = {
        "file": target, "away": [line.branch for line in made.lines if line.people is None],
        "customers": len(made.customers), "photos": len(made.photos), "people": len(made.people),
    }  # fmt: skip
    found = f"同一客户 {data['customers']} 个，同一照片 {data['photos']} 张，同一人 {data['people']} 个"
    return data, [f"已写出 {target}：{len(made.lines)} 家分公司；{found}"]


def troubles_of_group(made: GroupOverview) -> list[str]:
    """The branches that could not be read."""
    return [f"{line.branch}{line.remark}" for line in made.lines if line.people is None]


def of_plan(plan: Plan) -> Said:
    """What would be erased, and what would stay."""
    data = {
        "entries": [asdict(place) for place in plan.places], "originals": [each["archived_as"] for each in plan.originals],
        "stays": plan.stays, "erased": False,
    }  # fmt: skip
    if plan.refused:
        return data, []
    lines = [f"会删除：账本记录里的文字 {len(plan.places)} 处，原件 {len(plan.originals)} 个"]
    lines += [f"  #{place.seq} {place.kind} {place.subject}：{'、'.join(place.fields)}" for place in plan.places]
    lines += [f"  {each['archived_as']}" for each in plan.originals]
    return data, [*lines, "会留下：", *(f"  {each}" for each in plan.stays), "以上只是列出；确认后加 --confirm 再运行"]


def of_erasing(plan: Plan, done: Done) -> Said:
    """What was erased."""
    data = {**of_plan(plan)[0], "erased": not done.trouble, "copies": done.copies, "backup": done.backup}
    if done.trouble:
        return data, []
    return data, [
        f"已删除：账本记录 {done.entries} 条里的文字，原件 {done.originals} 个；账本里留下了删除记录",
        f"以前的备份 {done.copies} 份里还有这些内容，也已删除；新的备份是 {done.backup}",
        *(f"  留下：{each}" for each in plan.stays),
    ]


def of_verifying(entries: int, differences: list[str], proof: Proving) -> Said:
    """Whether the book is whole, and from where on it was proved."""
    since = proof.since
    data = {
        "entries": entries, "differences": differences, "since": vars(since) if since else None,
        "missing": proof.missing, "unknown": proof.unknown,
    }  # fmt: skip
    whole = "除了冷盘上的原件，全部" if proof.unknown else "全部"
    on = f"（接着 {since.at[:16].replace('T', ' ')} 核对过的前 {since.length} 条；从头核对请加 --all）" if since else ""
    return data, [f"账本共 {entries} 条记录" + (f"，{whole}核对一致{on}" if not differences else "")]
