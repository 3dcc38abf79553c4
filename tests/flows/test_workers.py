"""Files read and answers drawn on a real Dask cluster: the same bytes, whatever becomes of it in the middle.

Scheduler and workers are processes that speak TCP on the loopback.  What a reader may take is held in
tests/intake/test_sandbox.py; here the same limits are looked at from afar.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.cluster import DaskCluster, a_cluster, free_port
from demo.pictures import Shot, heic, scene
from intake.sandbox.away import readers as away
from intake.sandbox.child import Elsewhere, Limits
from policy.settings import load_settings
from service.answers.checking import check_files
from service.answers.telling import status
from service.company import open_service
from service.rows import seeing
from tests import recorded
from tests.certificates import certificates
from tests.company import (
    Company,
    a_company_with_a_customer,
    customer,
    reopened,
    report,
    shot,
    visit,
    write_config,
)  # fmt: skip
from tests.deals import order
from tests.flows.test_documents import pdf
from tests.processes import until

NAP, ROOT, DIE = Elsewhere("time", "sleep"), Elsewhere("math", "sqrt"), Elsewhere("os", "_exit")
HOG = Elsewhere("builtins", "bytearray")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return certificates(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def encrypted(keys: tuple[Path, Path, Path]) -> Iterator[DaskCluster]:
    """Two workers; everybody shows a certificate to everybody."""
    ca, cert, key = map(str, keys)
    with a_cluster(2, "tls", ("--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key)) as made:
        yield made


def config(scheduler: str, keys: tuple[Path, ...] = (), **more: object) -> Mapping[str, str]:
    """The lines of the config that hand the work to a cluster; tests wait for its start."""
    files = dict(zip(("tls_ca", "tls_certificate", "tls_key"), keys, strict=False))
    changed: dict[str, object] = {"engine": "dask", "scheduler": scheduler, "connect_seconds": 30, **files, **more}
    whole = Path(__file__).parents[2].joinpath("config.toml").read_text("utf-8")
    _head, mark, section = whole.partition("[workers]")
    lines = [line.partition(" = ")[0] for line in section.splitlines() if " = " in line]
    assert mark
    assert set(changed) <= set(lines)
    return {f"{name} = ": f"{name} = {_toml(value)}" for name, value in changed.items()}


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else json.dumps(str(value))


@contextmanager
def on_workers(folder: Path, cluster: DaskCluster, keys: tuple[Path, ...] = ()) -> Iterator[Company]:
    """A company whose files are read by the workers, once both of them are there."""
    with a_company_with_a_customer(folder, config=config(cluster.scheduler, keys)) as made, closed(made):
        settled(made)
        yield made


@contextmanager
def closed(made: Company) -> Iterator[None]:
    """Its own readers are closed with it: it is not one of those that share a pool."""
    try:
        yield
    finally:
        made.service.readers.close()


def settled(made: Company) -> None:
    """Wait until both workers are there; a scheduler without any is left alone, so it is asked anew."""

    def there() -> bool:
        made.service.readers._cluster._rest.end()  # type: ignore[attr-defined]
        return made.service.readers._cluster.threads() == 2  # type: ignore[attr-defined, no-any-return]

    until(there, "two workers")


def at_home() -> list[psutil.Process]:
    """Readers that are children of this very process."""
    return [each for each in psutil.Process().children() if "intake.sandbox.child" in " ".join(each.cmdline())]


# -- the same answers


def drop_a_day(co: Company) -> None:
    """Everything that is read and drawn: workbooks good and bad, pictures of all kinds, words on them, a contract as PDF."""
    co.gain("张三", "李四", recorded.SAID.customer)
    co.drop("张三", "现场.jpg", shot("11-23 10:30", 7))
    (co.folder / "门头.png").write_bytes(shot("11-23 10:00", 8))
    co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()], 销售日报=[report("2026-11-23")])
    pictures = [("客户新增", "C2", co.folder / "门头.png")]
    co.hand_in("王五", "新.xlsx", pictures, 客户新增=[customer("深圳新店", 门头照片=None)])
    co.drop("王五", "现场.heic", heic(scene(9, "", (800, 600)), Shot(co.clock("11-23 10:40"), 22.5405, 113.9345)))
    co.hand_in("王五", "拜访.xlsx", 拜访记录=[visit("现场.heic")])
    co.drop("王五", "坏的.xlsx", b"nothing of a workbook, and whole")
    co.drop("王五", "坏的.jpg", b"nothing of a picture, and whole")
    co.drop("张三", "合同.jpg", recorded.picture("合同.jpg"))
    co.drop("张三", "合同.pdf", pdf(2))
    contract = order("合同.jpg", recorded.SAID.customer, 合同编号="HX-2026-118", 成交金额="12.8万")
    co.hand_in("张三", "订单.xlsx", 成交订单=[contract, order("合同.pdf", 合同编号="HY-9")])


def lived(co: Company) -> dict[str, Any]:
    """The round, the night, and what came of them."""
    co.run("11-23 11:00")
    co.nightly("2026-11-23", "11-24 00:30")
    journal = co.ask("SELECT seq, at, kind, subject, actor, payload FROM journal ORDER BY seq")
    files = (path for path in sorted(co.share.glob("*/取件/**/*")) if path.is_file())
    lying = {path.relative_to(co.share).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {"journal": journal, "lying": lying, "previews": sorted(each.name for each in co.book.glob("previews/*"))}


def test_workers_give_the_same_answers_to_the_byte(
    tmp_path: Path, encrypted: DaskCluster, keys: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_company_with_a_customer(tmp_path / "here") as here:
        monkeypatch.setattr(seeing, "can_read", lambda: True)
        monkeypatch.setattr(seeing, "words_at", recorded.READER)
        drop_a_day(here)
        shutil.copytree(tmp_path / "here", tmp_path / "there")
        expected = lived(here)
    mine = set(at_home())
    with reopened(tmp_path / "there", config=config(encrypted.scheduler, keys)) as there, closed(there):
        settled(there)
        found = lived(there)
        assert set(at_home()) == mine, "something was read here"
        assert not (there.book / "workers.json").exists()
    assert found["previews"] == expected["previews"]
    assert [a for a, b in zip(found["journal"], expected["journal"], strict=True) if a != b] == []
    assert found["lying"] == expected["lying"]
    assert all(encrypted.readers()), "a worker has read nothing"
    told = " ".join(expected["lying"])
    for word in ("拒收", "审批_成交订单", "审批/照片", "首页.html", "日报合规", "个人工作簿"):
        assert word in told


def test_a_call_costs_what_it_may_and_no_more(
    tmp_path: Path, encrypted: DaskCluster, keys: tuple[Path, Path, Path]
) -> None:
    with on_workers(tmp_path, encrypted, keys) as co, co.service.readers.within(Limits(1, 200)) as readers:
        slow, big, gone = readers.ask(NAP, 60), readers.ask(HOG, 10**10), readers.ask(Elsewhere("os", "nothing"))
        assert [each.result().kind for each in (slow, big, gone)] == ["time", "memory", "error"]
        assert list(readers.map(ROOT, [(n,) for n in (1, 4, 9)])) == [1, 2, 3]
    assert all(worker.poll() is None for worker in encrypted.workers)


def test_a_worker_with_another_kebu_is_refused_plainly(
    tmp_path: Path, encrypted: DaskCluster, keys: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_workers(tmp_path, encrypted, keys) as co:
        monkeypatch.setattr(away, "this_version", lambda: "0.0.9 (another)")
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        assert co.receipt("张三").outcomes("销售日报") == ["待审批"]
        (words,) = status(co.service, co.clock("11-23 18:01"))["groups"]["工作机"]
        assert "版本" in words
        assert "由本机读" in words


def test_whoever_shows_no_certificate_is_not_spoken_to(
    tmp_path: Path, encrypted: DaskCluster, keys: tuple[Path, Path, Path]
) -> None:
    (tmp_path / "others").mkdir()
    strangers = certificates(tmp_path / "others")
    for n, (how, shown) in enumerate([("tcp", ()), ("tls", strangers)]):
        scheduler = encrypted.scheduler.replace("tls", how)
        changed = config(scheduler, shown, connect_seconds=1)
        with a_company_with_a_customer(tmp_path / str(n), config=changed) as co, closed(co):
            assert co.service.readers.ask(ROOT, 4).result() == 2
            assert "连不上调度器" in status(co.service, co.clock("11-23 18:01"))["groups"]["工作机"][0]


# -- what becomes of a cluster in the middle


def when_both_read(cluster: DaskCluster, then: Callable[[], None]) -> threading.Thread:
    """Do something at the moment when both workers have a reader at work."""
    before = [set(each) for each in cluster.readers()]

    def watch() -> None:
        for _ in range(3000):
            if all(set(now) - was for now, was in zip(cluster.readers(), before, strict=True)):
                then()
                return
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_worker_that_is_lost_in_the_middle_costs_a_retry_not_a_row(tmp_path: Path) -> None:
    with a_cluster(2) as cluster, on_workers(tmp_path, cluster) as co:
        hand_in_visits(co, 12)
        mine = set(at_home())
        killer = when_both_read(cluster, lambda: cluster.lose(cluster.workers[0]))
        co.run("11-23 18:00")
        killer.join()
        assert cluster.workers[0].poll() is not None
        assert co.receipt("张三").outcomes("拜访记录") == ["待审批"] * 12
        assert set(at_home()) == mine, "the other worker was there"
        assert not (co.book / "workers.json").exists()


def test_a_scheduler_that_is_lost_in_the_middle_costs_a_line_in_status(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_cluster(2) as cluster, on_workers(tmp_path, cluster) as co:
        hand_in_visits(co, 12)
        killer = when_both_read(cluster, lambda: cluster.lose(cluster.head))
        co.run("11-23 18:00")
        killer.join()
        assert co.receipt("张三").outcomes("拜访记录") == ["待审批"] * 12
        (words,) = status(co.service, co.clock("11-23 18:01"))["groups"]["工作机"]
        assert "由本机读文件，没有耽误" in words
        # twice where the round lasts long enough for them to be asked again
        assert {each.levelname for each in caplog.records if "are not asked" in each.message} == {"WARNING"}


def hand_in_visits(co: Company, n: int) -> None:
    """Visits on one day, a picture each."""
    for each in range(n):
        co.drop("张三", f"现场{each}.jpg", shot("11-23 16:00", 40 + each))
    co.hand_in("张三", 拜访记录=[visit(f"现场{each}.jpg") for each in range(n)])


# -- this machine


def test_a_large_machine_may_have_more_readers_of_its_own(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path):
        pass
    more = write_config(tmp_path, {"children = ": "children = 3"})
    with open_service(load_settings(more)) as service:
        asleep = [service.readers.ask(NAP, 0.2) for _ in range(3)]
        assert [each.result() for each in asleep] == [None] * 3
        assert service.readers.side_by_side == 3


# -- nobody there


@pytest.fixture
def knocks() -> Iterator[tuple[int, list[float]]]:
    """A port where somebody listens who is no scheduler: it takes every connection, counts it, and shuts the door."""
    counted: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    one, _address = server.accept()
                except OSError:
                    return
                counted.append(time.monotonic())
                one.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1], counted
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_scheduler_that_is_not_there_is_asked_once_in_five_minutes_by_all_commands_together(
    tmp_path: Path, knocks: tuple[int, list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, counted = knocks
    lines = config(f"tcp://127.0.0.1:{port}", connect_seconds=1)
    with a_company_with_a_customer(tmp_path, config=lines) as co, closed(co):
        drop = co.hand_in("张三", 销售日报=[report("2026-11-23")])
        check_files(co.service, [drop], "张三", co.clock("11-23 17:00"))
        assert counted == [], "a file that is not kept yet does not leave"
        co.run("11-23 18:00")
        assert co.receipt("张三").outcomes("销售日报") == ["待审批"]
        after_one = len(counted)
        assert after_one
        co.hand_in("王五", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:01")
    with reopened(tmp_path, config=lines) as co, closed(co):  # the next command
        co.hand_in("陈六", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:02")
        assert co.receipt("陈六").outcomes("销售日报") == ["待审批"]
        assert len(counted) == after_one
        (words,) = status(co.service, co.clock("11-23 18:03"))["groups"]["工作机"]
        assert words.startswith("连不上调度器")
        later = time.time() + 301
        monkeypatch.setattr("intake.sandbox.away.rest.time.time", lambda: later)
        assert co.service.readers.ask(ROOT, 4).result() == 2
        assert len(counted) > after_one


def test_a_cluster_without_workers_is_no_cluster(tmp_path: Path) -> None:
    with a_cluster(0) as cluster:
        lines = config(cluster.scheduler)
        with a_company_with_a_customer(tmp_path, config=lines) as co, closed(co):
            assert co.service.readers.ask(ROOT, 4).result() == 2
            assert "没有工作机" in status(co.service, co.clock("11-23 18:01"))["groups"]["工作机"][0]


def test_without_the_extra_the_work_is_done_here_and_status_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.upkeep import workers

    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(workers, "can_reach", lambda: False)
    lines = config(f"tcp://127.0.0.1:{free_port()}")
    with a_company_with_a_customer(tmp_path, config=lines) as co, closed(co):
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        assert co.receipt("张三").outcomes("销售日报") == ["待审批"]
        assert "没有安装附加包 dask" in status(co.service, co.clock("11-23 18:01"))["groups"]["工作机"][0]
