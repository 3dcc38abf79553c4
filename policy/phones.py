"""Chinese telephone numbers, as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import phonenumbers

#: Mobile numbers as most people write them, of series that are in use from end to end: valid without looking further.
_PLAIN_MOBILE = re.compile(r"1(?:3\d|5[0-35-9]|8\d)\d{8}")
_PHONE_PARTS = re.compile(r"(\+?[\d\s()-]+?)(?:\s*(?:转|分机|ext\.?|[-#*])\s*(\d{1,6}))?")


def valid_number(text: str) -> str | None:
    """The national form of a Chinese number, with its extension after 转; None if it is none."""
    return text if _PLAIN_MOBILE.fullmatch(text) and text.isascii() else _looked_up(text)


def _looked_up(text: str) -> str | None:
    import phonenumbers  # its tables are large, and most numbers are plain

    for candidate in (text, *(match.groups() for match in [_PHONE_PARTS.fullmatch(text)] if match)):
        body, extension = (candidate, None) if isinstance(candidate, str) else candidate
        if not re.fullmatch(r"\+?[\d\s()-]+", body):
            continue
        try:
            number = phonenumbers.parse(body, "CN")
        except phonenumbers.NumberParseException:
            continue
        if number.country_code == 86 and phonenumbers.is_valid_number(number):
            plain = _national(number)
            return f"{plain}转{extension}" if extension else plain
    return None


def _national(number: phonenumbers.PhoneNumber) -> str:
    import phonenumbers

    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
        return phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    if not area:  # 400, 800 and the like
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "-")
    significant = phonenumbers.national_significant_number(number)
    return f"0{significant[:area]}-{significant[area:]}"
