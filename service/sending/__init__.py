"""What people are sent, put together from the ledger: templates and workbooks (``templates``, ``today``), pages (``pages``,
``glance``), the night's reports (``sweeping``, ``overview``, ``unclaimed``), the month's (``deductions``, ``month_calendar``,
``results``, ``trends``, ``funnel``), what found no reader (``unread``); then ``delivering``
and ``tidying``."""
