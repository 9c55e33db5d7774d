-- The integer aggregation alone, as one would write it by hand: what the engine's whole run is measured against.
CREATE OR REPLACE TEMP TABLE aggregated AS
SELECT name, subject, count(*) AS rows, sum(quantity)::BIGINT AS total
FROM read_parquet($files)
WHERE jurisdiction = '000000'
  AND held_on BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
  AND recorded_at <= TIMESTAMP '2026-02-01'
GROUP BY name, subject
