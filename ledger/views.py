"""The views that others may rely on: English names, ISO dates, local times with offset, money in fen."""

from __future__ import annotations

from ledger.terms import people_as_of

_TODAY = "(SELECT substr(MAX(at), 1, 10) FROM entries)"  # the book's own day, not the reader's clock


def _of_form(form: str, columns: str) -> str:
    return f"SELECT {columns} FROM s_rows WHERE form = '{form}'"


def _deal(form: str, day: str, more: str, amount: str = "r.vals ->> 'amount_fen'") -> str:
    return f"""SELECT r.receipt_no, COALESCE(c.name, r.vals ->> 'customer') AS customer,
                      COALESCE(r.read ->> 'for_person', r.person) AS salesperson, r.vals ->> '{day}' AS {day}, {amount} AS amount_fen, r.status, {more}
               FROM s_rows AS r LEFT JOIN s_customers AS c ON c.id = r.customer_id WHERE r.form = '{form}'"""


#: the order that a payment pays: the one that stands in the place of a replaced one
_ORDER_NOW = """COALESCE(
    (SELECT o.receipt_no FROM s_rows AS n JOIN s_rows AS o ON o.form = n.form AND o.key = n.key
     WHERE n.receipt_no = r.vals ->> 'order_no' AND n.form = '成交订单' AND n.key <> ''
       AND o.status IN ('waiting', 'pending', 'accepted')), r.vals ->> 'order_no')"""

VIEWS: tuple[tuple[str, str], ...] = (
    ("people", people_as_of(_TODAY)),
    ("former_names", "SELECT name, person, until FROM s_people_before"),
    (
        "customers",
        """SELECT id, name, owner, 'accepted' AS status, region,
                  province || CASE WHEN city = province THEN '' ELSE city END || district || address AS address,
                  contact, phone, acquired_on, last_followed_on, pooled_on, source, type, province, city, district,
                  previous_owner, receipt_no,
                  EXISTS (SELECT 1 FROM s_rows AS r WHERE r.receipt_no = s_customers.receipt_no AND r.form = '期初客户')
                  AS opening
           FROM s_customers""",
    ),
    (
        "customer_members",
        """SELECT c.id AS customer_id, c.name AS customer, m.person FROM s_members AS m
           JOIN s_customers AS c ON c.id = m.customer_id""",
    ),
    (
        "visits",
        """SELECT r.receipt_no, COALESCE(c.name, r.vals ->> 'customer') AS customer, r.person AS salesperson,
                  r.read ->> 'visited_at' AS visited_at, r.read ->> '客户办公地点' AS place, r.vals ->> 'met' AS met,
                  r.vals ->> 'purpose' AS purpose, r.vals ->> 'content' AS content, r.status,
                  r.vals ->> 'next_purpose' AS next_purpose, r.submitted_at
           FROM s_rows AS r LEFT JOIN s_customers AS c ON c.id = r.customer_id WHERE r.form = '拜访记录'""",
    ),
    (
        "visit_plans",
        _of_form(
            "拜访计划",
            "receipt_no, vals ->> 'customer' AS customer, person AS salesperson, day AS planned_on, vals ->> 'purpose' AS purpose, status",
        ),
    ),
    (
        "orders",
        _deal(
            "成交订单",
            "signed_on",
            "r.vals ->> 'contract_no' AS contract_no, r.vals ->> 'opportunity' AS opportunity, "
            "r.read ->> 'opening_paid_fen' AS opening_paid_fen",
        ),
    ),
    (
        "payments",
        _deal(
            "客户回款",
            "paid_on",
            f"r.vals ->> 'kind' AS kind, {_ORDER_NOW} AS order_no, r.vals ->> 'serial' AS serial, r.person AS filed_by",
            "CASE r.vals ->> 'kind' WHEN '退款' THEN -1 ELSE 1 END * (r.vals ->> 'amount_fen')",
        ),
    ),
    (
        "transfers",
        _of_form(
            "客户转交",
            """receipt_no, vals ->> 'customer' AS customer, read ->> 'owner' AS from_person,
               vals ->> 'receiver' AS to_person, vals ->> 'reason' AS reason, vals ->> 'description' AS description,
               status, submitted_at, decided_at""",
        ),
    ),
    (
        "changes",
        """SELECT h.receipt_no, c.name AS customer, h.actor AS changed_by, h.at AS changed_at, h.kind, h.field,
                  h."from" AS from_value, h."to" AS to_value, r.decided_by AS approved_by
           FROM s_changes AS h JOIN s_customers AS c ON c.id = h.customer_id
           LEFT JOIN s_rows AS r ON r.receipt_no = h.receipt_no""",
    ),
    (
        "targets",
        _of_form(
            "销售指标",
            """vals ->> 'name' AS person, vals ->> 'year' AS year, vals ->> 'month' AS month,
               vals ->> 'orders_fen' AS orders_fen, vals ->> 'payments_fen' AS payments_fen, vals ->> 'visits' AS visits,
               vals ->> 'new_customers' AS new_customers, status, receipt_no,
               COALESCE(vals ->> 'period', '月度') AS period""",
        ),
    ),
    (
        "opportunities",
        """SELECT r.receipt_no, COALESCE(c.name, r.vals ->> 'customer') AS customer, r.vals ->> 'name' AS name,
                  r.person AS salesperson, r.vals ->> 'stage' AS stage, r.read ->> 'likelihood' AS likelihood,
                  r.vals ->> 'amount_fen' AS amount_fen, r.vals ->> 'expected_on' AS expected_on,
                  r.vals ->> 'next_step' AS next_step, r.vals ->> 'lost_because' AS lost_because, r.status,
                  r.submitted_at,
                  (SELECT o.receipt_no FROM s_rows AS o WHERE o.form = '成交订单' AND o.status = 'accepted'
                     AND o.customer_id = r.customer_id AND o.vals ->> 'opportunity' = r.vals ->> 'name'
                   ORDER BY o.receipt_no LIMIT 1) AS won_by
           FROM s_rows AS r LEFT JOIN s_customers AS c ON c.id = r.customer_id WHERE r.form = '商机'""",
    ),
    (
        "corrections",
        """SELECT k.receipt_no, k.of_receipt_no, k.form, k.action, k."column", k."from" AS from_value, k."to" AS to_value,
                  k.reason, k.actor AS corrected_by, k.at AS corrected_at, r.decided_by AS approved_by
           FROM s_corrections AS k JOIN s_rows AS r ON r.receipt_no = k.receipt_no""",
    ),
    ("bank_lines", "SELECT serial, arrived_on, payer, amount_fen, memo, receipt_no, used_by FROM s_bank_lines"),
    (
        "daily_reports",
        _of_form(
            "销售日报",
            """receipt_no, person, day AS date, submitted_at AS arrived_at, read ->> 'punctuality' AS punctuality,
               decided_at AS reviewed_at,
               CASE WHEN decided_at IS NULL THEN NULL
                    WHEN decided_at <= (read ->> 'review_due') THEN 'on_time' ELSE 'late' END AS review_punctuality,
               status, vals ->> 'summary' AS summary, vals ->> 'plan' AS plan, decided_by AS reviewer""",
        ),
    ),
    (
        "exemptions",
        'SELECT receipt_no, person, start AS starts_on, "end" AS ends_on, reason, granted_by, granted_at FROM s_exemptions',
    ),
    (
        "deputies",
        """SELECT receipt_no, principal, deputy, start AS starts_on, "end" AS ends_on, reason, named_by
           FROM s_deputies""",
    ),
    (
        "appeals",
        _of_form(
            "日报申诉",
            """receipt_no, person, day AS date, vals ->> 'reason' AS reason, submitted_at, status, decided_by,
               decided_at, comment""",
        ),
    ),
    (
        "photos",
        """SELECT p.sha256, p.person, p.name, p.arrived_at, p.facts ->> 'taken_at' AS taken_at,
                  p.facts ->> 'lat' AS lat, p.facts ->> 'lon' AS lon, p.facts ->> 'make' AS make, p.model,
                  p.facts ->> 'software' AS software, p.archived_as,
                  (SELECT group_concat(receipt_no) FROM s_photo_uses WHERE sha256 = p.sha256) AS used_by,
                  CASE p.sealed WHEN 'live' THEN 1 WHEN 'offline' THEN 0 END AS live, p.sealed AS seal
           FROM s_photos AS p""",
    ),
    ("findings", 'SELECT receipt_no, rule, clause, severity, "column", message, remedy FROM s_findings'),
    ("decisions", "SELECT receipt_no, approver, decision, comment, decided_at, number AS sheet FROM s_decisions"),
    ("files", "SELECT sha256, person, name, arrived_at, kind, outcome, archived_as, reason FROM s_files"),
    (
        "deliveries",
        """SELECT d.id, d.person, d.folder, d.name, COALESCE(d.sha256, s.sha256) AS sha256, d.queued_at, d.cause, s.shipped_at, s.path
           FROM s_deliveries AS d LEFT JOIN shipped AS s ON s.delivery_id = d.id""",
    ),
    ("journal", "SELECT seq, at, kind, subject, actor, payload, hash FROM entries"),
)
