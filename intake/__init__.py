"""Files made safe to read: a dropped path comes in, raw rows and photo facts go out.

inbox (at rest?) → archive (kept first) → preflight (what is it, and may it be opened?) → sandbox (read where the
reader may be killed): workbook, photo, place.  ``raw`` is what reading a workbook gives, ``reading`` what runs in
the sandbox.
"""
