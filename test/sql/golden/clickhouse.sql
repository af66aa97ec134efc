-- statistics
WITH d_v AS (SELECT `distance` AS d_hc0, `fare` AS d_hc2, `n` AS d_hw, CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w, (MOD(id, 5)) AS d_k FROM lake.trips WHERE (year = 2026)),
d_f AS (SELECT d_hc0, d_hc2, d_hw, d_c0, d_c2, d_w, d_y0, CASE WHEN d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) THEN d_c0 END AS d_fc0, CASE WHEN d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) THEN d_c2 END AS d_fc2, CASE WHEN d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) THEN d_w END AS d_fw, d_k FROM d_v WHERE d_w IS NULL OR d_w <> 0)
SELECT COUNT(*) AS d_m,
  COUNT(d_k) AS d_nk,
  COUNT(d_hc0) AS d_uc0,
  COUNT(d_c0) AS d_nc0,
  COUNT(d_fc0) AS d_tc0,
  AVG(d_fc0) AS d_ac0,
  COUNT(d_hc2) AS d_uc2,
  COUNT(d_c2) AS d_nc2,
  COUNT(d_fc2) AS d_tc2,
  AVG(d_fc2) AS d_ac2,
  COUNT(d_hw) AS d_uw,
  COUNT(d_w) AS d_nw,
  COUNT(d_fw) AS d_tw,
  COUNT(CASE WHEN d_w < CAST(0E0 AS Nullable(Float64)) THEN 1 END) AS d_nw0,
  COUNT(d_y0) AS d_uy0,
  COUNT(CASE WHEN d_y0 IN ('Oslo', 'L\'Aquila') THEN 1 END) AS d_ty0
FROM d_f;

-- sums by fold
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w, (MOD(id, 5)) AS d_k FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_z0, d_c2 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_z2, d_w, d_k FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)))
SELECT d_k,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z2) AS d_s2,
  SUM(d_w * d_z0 * d_z0) AS d_p0_0,
  SUM(d_w * d_z0 * d_z2) AS d_p0_2,
  SUM(d_w * d_z2 * d_z2) AS d_p2_2
FROM d_z GROUP BY d_k;

-- sums by fold and level
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w, (MOD(id, 5)) AS d_k FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_z0, d_c2 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_z2, d_y0, d_w, d_k FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)))
SELECT d_k,
  d_y0,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z2) AS d_s2
FROM d_z GROUP BY d_k, d_y0;

-- sums by group
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w, (region) AS d_k FROM lake.trips WHERE (year = 2026)),
d_r AS (SELECT d_c0 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_b0, d_c2 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_b2, d_w, d_k FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_g AS (SELECT d_k AS d_key, AVG(d_b0) AS d_a0, AVG(d_b2) AS d_a2 FROM d_r GROUP BY d_k),
d_z AS (SELECT d_b0 - d_a0 AS d_z0, d_a0, d_b2 - d_a2 AS d_z2, d_a2, d_w, d_k FROM d_r JOIN d_g ON d_k = d_key)
SELECT d_k,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  MIN(d_a0) AS d_e0,
  MIN(d_a2) AS d_e2,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z2) AS d_s2,
  SUM(d_w * d_z0 * d_z0) AS d_p0_0,
  SUM(d_w * d_z0 * d_z2) AS d_p0_2,
  SUM(d_w * d_z2 * d_z2) AS d_p2_2
FROM d_z GROUP BY d_k;

-- sums by group and level
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w, (region) AS d_k FROM lake.trips WHERE (year = 2026)),
d_r AS (SELECT d_c0 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_b0, d_c2 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_b2, d_y0, d_w, d_k FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_g AS (SELECT d_k AS d_key, AVG(d_b0) AS d_a0, AVG(d_b2) AS d_a2 FROM d_r GROUP BY d_k),
d_z AS (SELECT d_b0 - d_a0 AS d_z0, d_a0, d_b2 - d_a2 AS d_z2, d_a2, d_y0, d_w, d_k FROM d_r JOIN d_g ON d_k = d_key)
SELECT d_k,
  d_y0,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  MIN(d_a0) AS d_e0,
  MIN(d_a2) AS d_e2,
  SUM(d_w * d_z0) AS d_s0,
  SUM(d_w * d_z2) AS d_s2
FROM d_z GROUP BY d_k, d_y0;

-- sums by two categories
WITH d_v AS (SELECT CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, NULLIF(CAST(`kind` AS Nullable(String)), '') AS d_y1, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c2 - CAST(4.0000000000009095E-1 AS Nullable(Float64)) AS d_z2, d_y0, d_y1, d_w FROM d_v WHERE d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_y1 IN ('a', 'b') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)))
SELECT d_y0,
  d_y1,
  COUNT(*) AS d_m,
  SUM(d_w) AS d_sw
FROM d_z GROUP BY d_y0, d_y1;

-- logistic step
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS Nullable(Float64)) AS d_z0, CASE WHEN d_y0 = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END AS d_z1, d_c2 - CAST(0E0 AS Nullable(Float64)) AS d_z2, d_w FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * d_z0 + CAST(-1E-7 AS Nullable(Float64)) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, CAST(1E0 AS Nullable(Float64)) / (CAST(1E0 AS Nullable(Float64)) + EXP(-(LEAST(GREATEST(d_h, CAST(-7E2 AS Nullable(Float64))), CAST(7E2 AS Nullable(Float64)))))) AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_q - d_z2) AS d_r, d_w * (d_q * (CAST(1E0 AS Nullable(Float64)) - d_q)) AS d_x, d_w * (GREATEST(d_h, CAST(0E0 AS Nullable(Float64))) + LN(CAST(1E0 AS Nullable(Float64)) + EXP(-(LEAST(ABS(d_h), CAST(7E2 AS Nullable(Float64)))))) - d_z2 * d_h) AS d_l FROM d_e)
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
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS Nullable(Float64)) AS d_z0, CASE WHEN d_y0 = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END AS d_z1, d_c2 - CAST(0E0 AS Nullable(Float64)) AS d_z2, d_w FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * d_z0 + CAST(-1E-7 AS Nullable(Float64)) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, d_h - d_z2 AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (LEAST(GREATEST(d_q, CAST(-1.5E0 AS Nullable(Float64))), CAST(1.5E0 AS Nullable(Float64)))) AS d_r, d_w * (CASE WHEN ABS(d_q) <= CAST(1.5E0 AS Nullable(Float64)) THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END) AS d_x, d_w * (CASE WHEN ABS(d_q) <= CAST(1.5E0 AS Nullable(Float64)) THEN d_q * d_q / CAST(2E0 AS Nullable(Float64)) ELSE CAST(1.5E0 AS Nullable(Float64)) * (ABS(d_q) - CAST(7.5E-1 AS Nullable(Float64))) END) AS d_l FROM d_e)
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
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS Nullable(Float64)) AS d_z0, CASE WHEN d_y0 = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END AS d_z1, d_c2 - CAST(0E0 AS Nullable(Float64)) AS d_z2, d_w FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * d_z0 + CAST(-1E-7 AS Nullable(Float64)) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, d_h - d_z2 AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_q) AS d_r, d_w * (d_q * d_q / CAST(2E0 AS Nullable(Float64))) AS d_l FROM d_e)
SELECT COUNT(*) AS d_m,
  SUM(d_w) AS d_sw,
  SUM(d_l) AS d_sl,
  SUM(d_r) AS d_g,
  SUM(d_r * d_z0) AS d_g0,
  SUM(d_r * d_z1) AS d_g1
FROM d_i;

-- boundary
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS Nullable(Float64)) AS d_z0, CASE WHEN d_y0 = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END AS d_z1, d_c2 - CAST(0E0 AS Nullable(Float64)) AS d_z2, d_w FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_b AS (SELECT d_z0, d_z1, d_z2, d_w, CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * d_z0 + CAST(-1E-7 AS Nullable(Float64)) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT d_z0, d_z1, d_z2, d_w, d_h, ABS(d_h) AS d_q FROM d_b),
d_i AS (SELECT d_z0, d_z1, d_w, d_w * (d_h) AS d_r, d_w * (CASE WHEN d_q <= CAST(1.5E0 AS Nullable(Float64)) THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END) AS d_x, d_w * (d_q) AS d_l FROM d_e)
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
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026)),
d_z AS (SELECT d_c0 - CAST(5E-1 AS Nullable(Float64)) AS d_z0, CASE WHEN d_y0 = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) ELSE CAST(0E0 AS Nullable(Float64)) END AS d_z1, d_c2 - CAST(0E0 AS Nullable(Float64)) AS d_z2, d_w FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64))),
d_b AS (SELECT d_z2, CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * d_z0 + CAST(-1E-7 AS Nullable(Float64)) * d_z1 AS d_h FROM d_z),
d_e AS (SELECT CASE WHEN d_z2 > CAST(5E-1 AS Nullable(Float64)) THEN d_h ELSE -d_h END AS d_q FROM d_b)
SELECT MIN(d_q) AS d_lo, MAX(d_q) AS d_hi FROM d_e;

-- different rows
WITH d_v AS (SELECT CAST(`distance` AS Nullable(Float64)) AS d_c0, CAST(`fare` AS Nullable(Float64)) AS d_c2, NULLIF(CAST(`city` AS Nullable(String)), '') AS d_y0, CAST(`n` AS Nullable(Float64)) AS d_w FROM lake.trips WHERE (year = 2026))
SELECT d_c0, d_c2, d_y0, SUM(d_w) AS d_n FROM d_v WHERE d_c0 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_c2 BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) AND d_y0 IN ('Oslo', 'L\'Aquila') AND d_w > 0 AND d_w BETWEEN CAST(-1.7976931348623157E308 AS Nullable(Float64)) AND CAST(1.7976931348623157E308 AS Nullable(Float64)) GROUP BY d_c0, d_c2, d_y0 LIMIT 1000;

-- scores
SELECT *, CAST(1E0 AS Nullable(Float64)) / (CAST(1E0 AS Nullable(Float64)) + EXP(-(LEAST(GREATEST(CAST(3E0 AS Nullable(Float64)) + CAST(2.5E-1 AS Nullable(Float64)) * COALESCE(CAST(`distance` AS Nullable(Float64)), CAST(2.5E0 AS Nullable(Float64))) + CAST(-1E-7 AS Nullable(Float64)) * CASE WHEN NULLIF(CAST(`city` AS Nullable(String)), '') = 'L\'Aquila' THEN CAST(1E0 AS Nullable(Float64)) WHEN NULLIF(CAST(`city` AS Nullable(String)), '') IS NOT NULL THEN CAST(0E0 AS Nullable(Float64)) WHEN NULLIF(CAST(`city` AS Nullable(String)), '') IS NULL THEN CAST(5E-1 AS Nullable(Float64)) END, CAST(-7E2 AS Nullable(Float64))), CAST(7E2 AS Nullable(Float64)))))) AS `prediction` FROM lake.trips;
