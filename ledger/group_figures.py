"""What the head office asks each branch's book."""

from __future__ import annotations

#: ?1: the month (YYYY-MM), ?2: today
OF_A_MONTH = """SELECT
    (SELECT substr(MAX(at), 1, 16) FROM entries) AS until,
    (SELECT COUNT(*) FROM people WHERE left_on IS NULL OR left_on > ?2) AS people,
    (SELECT COUNT(*) FROM s_customers) AS customers,
    (SELECT COUNT(*) FROM s_customers WHERE owner IS NULL) AS pooled,
    (SELECT COUNT(*) FROM visits WHERE status = 'accepted' AND substr(visited_at, 1, 7) = ?1) AS visits,
    (SELECT COUNT(*) FROM orders WHERE status = 'accepted' AND substr(signed_on, 1, 7) = ?1) AS orders,
    (SELECT COALESCE(SUM(amount_fen), 0) FROM orders WHERE status = 'accepted' AND substr(signed_on, 1, 7) = ?1) AS ordered,
    (SELECT COALESCE(SUM(amount_fen), 0) FROM payments WHERE status = 'accepted' AND substr(paid_on, 1, 7) = ?1) AS paid,
    (SELECT COUNT(*) FROM (SELECT period, MAX(version), content FROM s_closings
        WHERE period LIKE '日报合规_' || ?1 || '-%' GROUP BY period) AS c, json_each(c.content, '$.lines') AS l
        WHERE l.value ->> 'state' = '缺交') AS missing"""
#: what two branches may both have: its key, how it is called, and what each says of it
CUSTOMERS = "SELECT name_key AS key, name AS what, COALESCE(owner, '公海') AS detail FROM s_customers"
PHOTOS = (
    """SELECT sha256 AS key, substr(sha256, 1, 16) AS what, person || ' ' || receipt_no AS detail FROM s_photo_uses"""
)
PEOPLE = """SELECT p.phone AS key, p.phone AS what, p.name AS detail FROM s_people AS p WHERE p.phone <> ''
             AND EXISTS (SELECT 1 FROM s_employments AS e WHERE e.person = p.name AND e.left_on IS NULL)"""
