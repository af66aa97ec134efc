-- statistics
WITH d_v AS (SELECT `distance` AS d_hc0, CAST(`city` AS STRING) AS d_hc1, `fare` AS d_hc2, `n` AS d_hw, CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w, (MOD(id, 5)) AS d_k FROM lake.trips WHERE (year = 2026)),
d_f AS (SELECT d_hc0, d_c0, d_hc1, d_c1, d_hc2, d_c2, d_hw, d_w, CASE WHEN ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) THEN d_c0 END AS d_fc0, CASE WHEN ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) THEN d_c1 END AS d_fc1, CASE WHEN ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) THEN d_c2 END AS d_fc2, CASE WHEN ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64) THEN d_w END AS d_fw, d_k FROM d_v WHERE d_w IS NULL OR d_w <> 0)
SELECT COUNT(*) AS d_m,
  COUNT(d_k) AS d_nk,
  COUNT(d_hc0) AS d_uc0,
  COUNT(d_c0) AS d_nc0,
  COUNT(d_fc0) AS d_tc0,
  MIN(d_fc0) AS d_loc0,
  MAX(d_fc0) AS d_hic0,
  AVG(d_fc0) AS d_ac0,
  COUNT(d_hc1) AS d_uc1,
  COUNT(d_c1) AS d_nc1,
  COUNT(d_fc1) AS d_tc1,
  MIN(d_fc1) AS d_loc1,
  MAX(d_fc1) AS d_hic1,
  AVG(d_fc1) AS d_ac1,
  COUNT(d_hc2) AS d_uc2,
  COUNT(d_c2) AS d_nc2,
  COUNT(d_fc2) AS d_tc2,
  MIN(d_fc2) AS d_loc2,
  MAX(d_fc2) AS d_hic2,
  AVG(d_fc2) AS d_ac2,
  COUNT(d_hw) AS d_uw,
  COUNT(d_w) AS d_nw,
  COUNT(d_fw) AS d_tw,
  MIN(d_fw) AS d_low,
  MAX(d_fw) AS d_hiw,
  AVG(d_fw) AS d_aw
FROM d_f;

-- sums by fold
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w, (MOD(id, 5)) AS d_k FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(4.0000009536743164E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(4.0000009536743164E-1 AS FLOAT64) AS d_z1, d_c2 - CAST(4.0000009536743164E-1 AS FLOAT64) AS d_z2, d_w, d_k FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64))
SELECT d_k,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z1) AS d_s1,
  SUM(d_w * d_z2) AS d_s2,
  SUM(d_w * d_z0 * d_z0) AS d_p0_0,
  SUM(d_w * d_z0 * d_z1) AS d_p0_1,
  SUM(d_w * d_z0 * d_z2) AS d_p0_2,
  SUM(d_w * d_z1 * d_z1) AS d_p1_1,
  SUM(d_w * d_z1 * d_z2) AS d_p1_2,
  SUM(d_w * d_z2 * d_z2) AS d_p2_2
FROM d_z GROUP BY d_k;

-- sums by group
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w, (region) AS d_k FROM lake.trips WHERE (year = 2026)),
d_r AS (SELECT * FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_g AS (SELECT d_k AS d_key, AVG(d_c0) AS d_a0, AVG(d_c1) AS d_a1, AVG(d_c2) AS d_a2 FROM d_r GROUP BY d_k),
d_z AS (SELECT d_c0 - d_a0 AS d_z0, d_a0, d_c1 - d_a1 AS d_z1, d_a1, d_c2 - d_a2 AS d_z2, d_a2, d_w, d_k FROM d_r JOIN d_g ON d_k = d_key)
SELECT d_k,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  MIN(d_a0) AS d_e0,
  MIN(d_a1) AS d_e1,
  MIN(d_a2) AS d_e2,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z1) AS d_s1,
  SUM(d_w * d_z2) AS d_s2,
  SUM(d_w * d_z0 * d_z0) AS d_p0_0,
  SUM(d_w * d_z0 * d_z1) AS d_p0_1,
  SUM(d_w * d_z0 * d_z2) AS d_p0_2,
  SUM(d_w * d_z1 * d_z1) AS d_p1_1,
  SUM(d_w * d_z1 * d_z2) AS d_p1_2,
  SUM(d_w * d_z2 * d_z2) AS d_p2_2
FROM d_z GROUP BY d_k;

-- logistic step
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(0E0 AS FLOAT64) AS d_z1, d_c2 - CAST(0E0 AS FLOAT64) AS d_z2, d_w FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * d_z0 + CAST(-1E-7 AS FLOAT64) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, CAST(1E0 AS FLOAT64) / (CAST(1E0 AS FLOAT64) + EXP(-(LEAST(GREATEST(d_h, CAST(-7E2 AS FLOAT64)), CAST(7E2 AS FLOAT64))))) AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_q - d_z2) AS d_r, d_w * (d_q * (CAST(1E0 AS FLOAT64) - d_q)) AS d_x, d_w * (GREATEST(d_h, CAST(0E0 AS FLOAT64)) + LN(CAST(1E0 AS FLOAT64) + EXP(-(LEAST(ABS(d_h), CAST(7E2 AS FLOAT64))))) - d_z2 * d_h) AS d_l FROM d_e)
SELECT COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_l) AS d_sl,
  SUM(d_r) AS d_g,
  SUM(d_r * d_z0) AS d_g0,
  SUM(d_r * d_z1) AS d_g1,
  SUM(d_x) AS d_c,
  SUM(d_x * d_z0) AS d_c0,
  SUM(d_x * d_z1) AS d_c1,
  SUM(d_x * d_z0 * d_z0) AS d_c0_0,
  SUM(d_x * d_z0 * d_z1) AS d_c0_1,
  SUM(d_x * d_z1 * d_z1) AS d_c1_1
FROM d_i;

-- Huber step
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(0E0 AS FLOAT64) AS d_z1, d_c2 - CAST(0E0 AS FLOAT64) AS d_z2, d_w FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * d_z0 + CAST(-1E-7 AS FLOAT64) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, d_h - d_z2 AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (LEAST(GREATEST(d_q, CAST(-1.5E0 AS FLOAT64)), CAST(1.5E0 AS FLOAT64))) AS d_r, d_w * (CASE WHEN ABS(d_q) <= CAST(1.5E0 AS FLOAT64) THEN CAST(1E0 AS FLOAT64) ELSE CAST(0E0 AS FLOAT64) END) AS d_x, d_w * (CASE WHEN ABS(d_q) <= CAST(1.5E0 AS FLOAT64) THEN d_q * d_q / CAST(2E0 AS FLOAT64) ELSE CAST(1.5E0 AS FLOAT64) * (ABS(d_q) - CAST(7.5E-1 AS FLOAT64)) END) AS d_l FROM d_e)
SELECT COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_l) AS d_sl,
  SUM(d_r) AS d_g,
  SUM(d_r * d_z0) AS d_g0,
  SUM(d_r * d_z1) AS d_g1,
  SUM(d_x) AS d_c,
  SUM(d_x * d_z0) AS d_c0,
  SUM(d_x * d_z1) AS d_c1,
  SUM(d_x * d_z0 * d_z0) AS d_c0_0,
  SUM(d_x * d_z0 * d_z1) AS d_c0_1,
  SUM(d_x * d_z1 * d_z1) AS d_c1_1
FROM d_i;

-- squared residuals
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(0E0 AS FLOAT64) AS d_z1, d_c2 - CAST(0E0 AS FLOAT64) AS d_z2, d_w FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * d_z0 + CAST(-1E-7 AS FLOAT64) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, d_h - d_z2 AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_q) AS d_r, d_w * (d_q * d_q / CAST(2E0 AS FLOAT64)) AS d_l FROM d_e)
SELECT COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_l) AS d_sl,
  SUM(d_r) AS d_g,
  SUM(d_r * d_z0) AS d_g0,
  SUM(d_r * d_z1) AS d_g1
FROM d_i;

-- boundary
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(0E0 AS FLOAT64) AS d_z1, d_c2 - CAST(0E0 AS FLOAT64) AS d_z2, d_w FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * d_z0 + CAST(-1E-7 AS FLOAT64) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, ABS(d_h) AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_h) AS d_r, d_w * (CASE WHEN d_q <= CAST(1.5E0 AS FLOAT64) THEN CAST(1E0 AS FLOAT64) ELSE CAST(0E0 AS FLOAT64) END) AS d_x, d_w * (d_q) AS d_l FROM d_e)
SELECT COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_l) AS d_sl,
  SUM(d_r) AS d_g,
  SUM(d_r * d_z0) AS d_g0,
  SUM(d_r * d_z1) AS d_g1,
  SUM(d_x) AS d_c,
  SUM(d_x * d_z0) AS d_c0,
  SUM(d_x * d_z1) AS d_c1,
  SUM(d_x * d_z0 * d_z0) AS d_c0_0,
  SUM(d_x * d_z0 * d_z1) AS d_c0_1,
  SUM(d_x * d_z1 * d_z1) AS d_c1_1
FROM d_i;

-- margins
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS FLOAT64) AS d_z0, d_c1 - CAST(0E0 AS FLOAT64) AS d_z1, d_c2 - CAST(0E0 AS FLOAT64) AS d_z2, d_w FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64)),
d_b AS (SELECT d_z2, CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * d_z0 + CAST(-1E-7 AS FLOAT64) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT CASE WHEN d_z2 > CAST(5E-1 AS FLOAT64) THEN d_h ELSE -d_h END AS d_q FROM d_b)
SELECT MIN(d_q) AS d_lo, MAX(d_q) AS d_hi FROM d_e;

-- different rows
WITH d_v AS (SELECT CAST(`distance` AS FLOAT64) AS d_c0, CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN CAST(`city` AS STRING) IN ('Oslo', 'L\'Aquila') THEN CAST(0E0 AS FLOAT64) END AS d_c1, CAST(`fare` AS FLOAT64) AS d_c2, CAST(`n` AS FLOAT64) AS d_w FROM lake.trips WHERE (year = 2026))
SELECT d_c0, d_c1, d_c2, SUM(d_w) AS d_n FROM d_v WHERE ABS(d_c0) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c1) <= CAST(1.7976931348623157E308 AS FLOAT64) AND ABS(d_c2) <= CAST(1.7976931348623157E308 AS FLOAT64) AND d_w > 0 AND ABS(d_w) <= CAST(1.7976931348623157E308 AS FLOAT64) GROUP BY d_c0, d_c1, d_c2 LIMIT 1000;

-- scores
SELECT *, CAST(1E0 AS FLOAT64) / (CAST(1E0 AS FLOAT64) + EXP(-(LEAST(GREATEST(CAST(3E0 AS FLOAT64) + CAST(2.5E-1 AS FLOAT64) * COALESCE(CAST(`distance` AS FLOAT64), CAST(2.5E0 AS FLOAT64)) + CAST(-1E-7 AS FLOAT64) * CASE WHEN CAST(`city` AS STRING) = 'L\'Aquila' THEN CAST(1E0 AS FLOAT64) WHEN `city` IS NOT NULL THEN CAST(0E0 AS FLOAT64) WHEN `city` IS NULL THEN CAST(5E-1 AS FLOAT64) END, CAST(-7E2 AS FLOAT64)), CAST(7E2 AS FLOAT64))))) AS `prediction` FROM lake.trips;
