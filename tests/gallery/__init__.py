"""``make gallery``: every kind of workbook and page as its reader sees it, to be looked at by people."""
