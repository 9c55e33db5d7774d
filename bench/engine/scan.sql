-- One filtered scan, as one would write it by hand: every fact of one unit in the period, in order.
SELECT * FROM read_parquet($files)
WHERE jurisdiction = '000000' AND subject = 'unit:4711'
  AND held_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
  AND recorded_at <= TIMESTAMP '2026-02-01'
ORDER BY held_on, id
