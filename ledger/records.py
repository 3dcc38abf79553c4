"""What the ledger's answers look like: frozen records, with nothing but values in them.

Money is integer fen.  Times are aware.  A path is a ``Path`` or, inside the
book, a POSIX string relative to the book's folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ledger.written import Words


class Severity(StrEnum):
    """How much a finding weighs: a refused row is returned, a flag is shown to the approver, a note to the submitter."""

    REFUSE = "refuse"
    FLAG = "flag"
    NOTE = "note"
    OFF = "off"


class Status(StrEnum):
    """Status words of a row, as the views show them."""

    WAITING = "waiting"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Outcome(StrEnum):
    """结果: what a receipt says became of a row."""

    ACCEPTED = "已受理"
    PENDING = "待审批"
    WAITING = "待补照片"
    RETURNED = "退回"
    DUPLICATE = "重复"


@dataclass(frozen=True)
class Finding:
    """One thing found about one row: where, what, which clause, what next (Chinese words)."""

    rule: str
    clause: str
    severity: Severity
    column: str  #: header of the column; '' when it concerns the whole row
    message: str
    remedy: str


@dataclass(frozen=True)
class Person:
    """Somebody in the register, as of a day."""

    name: str  #: the register's name: unique, also the name of the folder
    phone: str
    gender: str
    department: str
    post: str
    max_customers: int
    max_follow_days: int
    region: str | None
    joined_on: date
    left_on: date | None  #: first day on which the person no longer belongs to the company
    registered_at: datetime  #: when the register learnt of them: nothing is owed for earlier days
    root: str = ""  #: what stands for the person in keys and seals, whatever they are called; '' until registered

    @property
    def lasting(self) -> str:
        """The word for this person that no change of name changes."""
        return self.root or self.name

    def active_on(self, day: date) -> bool:
        """Whether the person works here on *day*."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass(frozen=True)
class Customer:
    """A customer in the book."""

    id: int
    name: str
    name_key: str  #: normalised name, unique
    owner: str | None  #: None: in the pool
    shared: tuple[str, ...]
    source: str
    type: str
    region: str
    province: str
    city: str
    district: str
    address: str
    contact: str
    phone: str
    lat: float | None  #: WGS-84, from the shop-front photo
    lon: float | None
    acquired_on: date
    last_followed_on: date | None
    pooled_on: date | None
    previous_owner: str | None
    receipt_no: str = ""  #: of the row by which it came into the book


@dataclass(frozen=True)
class Area:
    """省/市/区; the municipalities have the province's name as their city's."""

    province: str
    city: str
    district: str

    def __str__(self) -> str:
        return "".join(dict.fromkeys((self.province, self.city, self.district)))


class Sealed(StrEnum):
    """What became of a picture's seal when the picture was taken in (客户拜访 5.2 note)."""

    LIVE = "live"  #: taken through the phone door and seen there at once
    OFFLINE = "offline"  #: taken through the phone door, which saw it later: no proof of time
    BROKEN = "broken"  #: the picture, or what stands in it, is not what was sealed
    FOREIGN = "foreign"  #: somebody else took it
    REPEATED = "repeated"  #: it came before


@dataclass(frozen=True)
class Seal:
    """What the phone door wrote into a picture and signed.  Times are aware."""

    id: str  #: unique: the same seal twice is the same picture twice
    person: str
    challenge: str  #: the door's one-time word that the shutter answered
    taken_at: datetime  #: by the door's clock; for a late picture reckoned from the phone's
    received_at: datetime
    phone_at: datetime  #: what the phone's clock said at the shutter
    phone_ahead: int  #: seconds by which the phone's clock was ahead of the door's
    late: bool  #: the door saw it only when there was network again
    lat: float | None  #: WGS-84
    lon: float | None
    accuracy_m: float | None
    content: str = ""  #: sha256 of the file without the seal
    mac: str = ""


PDF = "PDF"  #: the format of a document: pages, but no camera's picture


@dataclass(frozen=True)
class Sighting:
    """Where and when somebody took a picture, as far as it says."""

    sha256: str
    taken_at: datetime
    lat: float  #: WGS-84
    lon: float


@dataclass(frozen=True)
class Points:
    """What finds a picture again after it was cropped or turned; kept for a while, beside the journal."""

    width: int  #: of the picture in which they lie
    height: int
    places: bytes = field(repr=False)  #: for each point column, row, 64 x its scale, 10,000 x its angle: 16 bits each
    codes: bytes = field(repr=False)  #: 128 bits for each point
    thumb: bytes = field(repr=False)  #: a small grey JPEG


@dataclass(frozen=True)
class PhotoFacts:
    """What a picture says of itself, read in a process that may be killed.

    A value that could not be read is None: that is "not known", never a pass.
    """

    sha256: str
    format: str  #: JPEG, PNG, HEIF, MPO, ...: by content; '' if unreadable
    width: int
    height: int
    taken_at: datetime | None  #: EXIF capture time, aware (company zone assumed when the camera gave no offset)
    offset_known: bool  #: the camera wrote its UTC offset
    lat: float | None  #: WGS-84
    lon: float | None
    gps_at: datetime | None  #: time of the satellite fix, UTC
    place: Area | None  #: 省市区 of the coordinates
    near: tuple[Area, ...]  #: every district within 300 m of them, *place* first
    make: str | None
    model: str | None
    software: str | None
    pixel_hash: str | None  #: sha256 of the decoded pixels
    dhash: int | None  #: 64 bits
    turned: tuple[int, ...]  #: the same for the picture turned by 90, 180, 270 degrees and mirrored
    sharpness: float | None  #: variance of the Laplacian at 1000 px
    thumbnail_differs: bool | None  #: the embedded thumbnail shows another picture
    has_exif: bool
    screen_sized: bool  #: pixel size of a phone's screen, and no camera
    trouble: str  #: Chinese: why the picture is unreadable; '' if it was read
    seal: Seal | None = None  #: as it stands in the file; whether it holds, the service says
    pages: int = 1  #: of a document; a picture is one page
    preview: bytes = field(default=b"", repr=False, compare=False)  #: small JPEG for approval sheets
    tables: str = ""  #: the program whose compression the file has, if no camera has it
    points: Points | None = field(default=None, repr=False, compare=False)  #: what finds parts of it again


@dataclass(frozen=True)
class PhotoUse:
    """An earlier use of the same or a similar picture."""

    sha256: str
    receipt_no: str
    person: str
    used_at: datetime
    bits: int  #: 0 for the same pixels, otherwise how many of 64 bits differ
    in_part: bool = False  #: the two show the same, but one is cropped, turned or taken off a screen


@dataclass(frozen=True)
class Photo:
    """A picture that a row names: its facts, who dropped it when, and where it was used before."""

    name: str
    person: str
    arrived_at: datetime
    facts: PhotoFacts
    uses: tuple[PhotoUse, ...] = ()
    sealed: Sealed | None = None  #: None: the picture carries no seal
    words: Words | None = None  #: what stands on it; None: nobody has read it


@dataclass(frozen=True)
class Row:
    """A row that was received, in its present state."""

    receipt_no: str
    form: str  #: sheet name
    person: str
    department: str
    submitted_at: datetime
    key: str
    fingerprint: str
    values: dict[str, Any]  #: field → JSON value
    read: dict[str, Any]  #: what the software read: 客户办公地点, 拜访时间, ...
    cells: list[list[str]]  #: [header, text] as dropped
    photos: tuple[str, ...]  #: content hashes
    embedded: dict[str, tuple[str, ...]]  #: header → content hashes of pictures placed in the row
    status: Status
    file_id: int
    sheet: str
    row_no: int
    customer_id: int | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    comment: str = ""
    findings: tuple[Finding, ...] = ()
