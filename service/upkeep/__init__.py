"""The book and the machine looked after: marks and keys (``guarding``), proofs and restoring (``keeping``), copies
(``backups``), room (``storage``), signs of life (``health``, ``notify``, ``monitoring``), logs (``logs``, ``log_file``,
``message_health``)."""
