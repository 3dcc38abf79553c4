"""Why a file or a sheet comes back as a whole: closed lists, so that each cause has a way out that is tried (tests/ways)."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    BLANK = "blank"  #: nothing but zero bytes
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    STRANGE = "strange"  #: XML that no office program writes
    ENTITY = "entity"
    UNKNOWN = "unknown"  #: no kind of file that is known
    UNREADABLE = "unreadable"  #: whole and harmless as far as can be seen, and no library reads it
    XLS = "xls"
    XLSB = "xlsb"
    XLSM = "xlsm"
    XML2003 = "xml2003"
    ODS = "ods"
    NUMBERS = "numbers"
    HTML = "html"
    TEXT = "text"
    RTF = "rtf"
    DOC = "doc"
    DOCX = "docx"
    PPT = "ppt"
    PPTX = "pptx"
    PDF = "pdf"
    PICTURE = "picture"
    ARCHIVE = "archive"
    NOT_WORKBOOK = "not_workbook"  #: a package with something else in it
    ENCRYPTED = "encrypted"
    NO_SHEETS = "no_sheets"
    TOO_BIG = "too_big"
    TOO_BIG_INFLATED = "too_big_inflated"
    ZIP_BOMB = "zip_bomb"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_STRINGS = "too_many_strings"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    MERGE_TOO_BIG = "merge_too_big"
    # our reader failed, or we did
    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"
    ERROR = "error"
    FAULT = "fault"


class Misfit(StrEnum):
    """Why a sheet of a file that could be read is not taken."""

    FOREIGN = "foreign"  #: no form of ours, and nothing else in the file is
    UNTOUCHED = "untouched"  #: only the headers of a form
    HEADLESS = "headless"  #: no row of headers
    TWICE = "twice"  #: a header stands there twice
    INCOMPLETE = "incomplete"  #: a compulsory column is missing
    POST = "post"  #: not for this post to hand in
    LEFT = "left"  #: whoever hands it in does not work here any more
    NOT_YET = "not_yet"  #: or does not yet
