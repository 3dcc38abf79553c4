"""What commands answer: how they are typed (``console``, ``typed``) and speak (``said``), status and stories (``telling``), rows judged without being
taken (``checking``), the clauses (``clause_table``), workbooks and texts to begin with (``blank``, ``opening``, ``shares``); what reaches phones (``messages``)."""
