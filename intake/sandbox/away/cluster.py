"""The connection with a dask.distributed cluster: made when first needed, given up at the first sign of trouble."""

from __future__ import annotations

import logging
import pickle
import threading
import time
import uuid
import warnings
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from disk.luggage import Brought
from intake.sandbox.away.rest import Rest
from intake.sandbox.away.task import Call, Other
from intake.sandbox.child import Failure

log = logging.getLogger("kebu")

_Client: TypeAlias = Any  #: a distributed.Client: what we use of it brings no types

LOOK_SECONDS = 1.0  #: how often a call that waits looks whether there is still somebody to answer


@dataclass(frozen=True)
class ClusterAddress:
    """Where a cluster's scheduler is, and by what it and we are known to each other; without certificates: no TLS."""

    scheduler: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    connect_seconds: float = 3.0

    def security(self) -> Any:
        """As Dask wants it; it refuses whatever is not encrypted."""
        if self.ca is None:
            return None
        from distributed.security import Security

        made: Any = Security
        return made(
            require_encryption=True, tls_ca_file=str(self.ca), tls_client_cert=str(self.certificate),
            tls_client_key=str(self.key),
        )  # fmt: skip


class NoAnswer(Exception):
    """This call has to be answered elsewhere."""


class Unreachable(NoAnswer):
    """Nobody there answers, or nobody who could answer as we would; the words are Chinese, for the operator."""


class Cluster:
    """Workers that answer calls, as long as they can be reached."""

    def __init__(self, place: ClusterAddress, rest: Rest) -> None:
        self._place, self._rest = place, rest
        self._lock = threading.Lock()
        self._client: _Client | None = None
        self._closed = False

    def threads(self) -> int:
        """How many calls the workers answer at once; 0: they are left alone.  The first time it may take a while."""
        client = self._connected()
        return 0 if client is None else _threads(client)

    def at_hand(self) -> int:
        """The same without asking anybody: 0 as long as nobody was asked."""
        client = self._client
        return 0 if client is None else _threads(client)

    def resting(self) -> bool:
        """Whether it is left alone at the moment."""
        return self._client is None and self._rest.lasts()

    def ask(self, call: Call, patience: float) -> Brought | Failure:
        """The answer to *call*; whoever has not answered after *patience* seconds will not.

        :raises NoAnswer: it must be answered elsewhere; :class:`Unreachable`: so must those that follow
        """
        client = self._connected()
        if client is None:
            raise Unreachable("left alone")
        try:
            return self._answered(client, call, patience)
        except Unreachable as why:
            self._leave(client, str(why))
            raise

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._closed = True
            client, self._client = self._client, None
        if client is not None:
            _let_go(client)

    def _connected(self) -> _Client | None:
        if self._client is not None or self._rest.lasts():
            return self._client
        with self._lock:
            if self._client is None and not self._closed and not self._rest.lasts():
                try:
                    self._client = _connect(self._place)
                    self._rest.end()
                except Unreachable as why:
                    self._rest.begin(str(why))
            return self._client

    def _leave(self, client: _Client, words: str) -> None:
        with self._lock:
            if self._client is not client:
                return
            self._client = None
            self._rest.begin(words)
        threading.Thread(target=_let_go, args=(client,), daemon=True).start()  # it may wait for who is gone

    def _answered(self, client: _Client, call: Call, patience: float) -> Brought | Failure:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that bytes are many
                key = f"kebu-{uuid.uuid4().hex}"
                future = client.submit(pickle.loads, pickle.dumps(call), key=key, pure=False)
            return _judged(self._waited_for(client, future, time.monotonic() + patience))
        except NoAnswer:
            raise
        except (ImportError, AttributeError, TypeError) as error:
            raise Unreachable(f"工作机上没有客簿，或者不能运行（{error}）") from error
        except CancelledError as error:
            raise Unreachable("与调度器的连接断了") from error
        except ChildProcessError as error:
            raise NoAnswer(str(error)) from error
        except Exception as error:
            if type(error).__name__ == "KilledWorker":  # the file, or bad luck: here it costs one reader
                raise NoAnswer("several workers were lost over it") from error
            raise Unreachable(f"工作机没有回答（{type(error).__name__}）") from error

    def _holds(self, client: _Client) -> bool:
        return self._client is client

    def _waited_for(self, client: _Client, future: Any, until: float) -> Any:
        try:
            while True:
                with suppress(TimeoutError):
                    return future.result(timeout=LOOK_SECONDS)
                if not self._holds(client) or client.status != "running":
                    raise Unreachable("与调度器的连接断了")
                if not _threads(client):
                    raise Unreachable("调度器在，但没有工作机")
                if time.monotonic() > until:
                    raise Unreachable("工作机太久没有回答")
        finally:
            with suppress(Exception):
                future.release()


def _judged(given: Any) -> Brought | Failure:
    if isinstance(given, Other):
        from intake.sandbox.away.same import this_version

        raise Unreachable(
            f"工作机上的客簿是 {given.version}，本机是 {this_version()}：请让两边的版本和 Python 环境一致"
        )
    if not isinstance(given, (Brought, Failure)):
        raise Unreachable(f"工作机的回答看不懂（{type(given).__name__}）")
    return given


def _connect(place: ClusterAddress) -> _Client:
    try:
        from distributed import Client

        made: Any = Client
    except ImportError:
        raise Unreachable("没有安装附加包 dask（见安装与维护）") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told by us
    try:
        client = made(
            place.scheduler, timeout=place.connect_seconds, security=place.security(), set_as_default=False, name="kebu"
        )
    except Exception as error:  # whatever is wrong with an address, a certificate or a stranger's answer
        raise Unreachable(f"连不上调度器（{type(error).__name__}）") from error
    if not _threads(client):
        _let_go(client)
        raise Unreachable("调度器在，但没有工作机")
    return client


def _threads(client: _Client) -> int:
    """As the client heard last: it asks by itself every two seconds."""
    return int(client._scheduler_identity.get("total_threads", 0))


def _let_go(client: _Client) -> None:
    with suppress(Exception):
        client.close(timeout=1)
