"""What commands answer: how they speak (``console``, ``said``), status and stories (``telling``), rows judged without being
taken (``checking``), the clauses (``clause_table``), workbooks and texts to begin with (``blank``, ``opening``, ``shares``); what reaches phones (``messages``)."""
