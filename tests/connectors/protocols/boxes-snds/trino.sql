-- persons and their cells
WITH dataset_person AS (
  SELECT t.ben_idt_ano AS person_key, t.ben_idt_ano AS ben_idt_ano, t.ben_nai_ann AS ben_nai_ann, t.ben_sex_cod AS ben_sex_cod, t.ben_res_reg AS ben_res_reg, t.ben_dte_maj AS ben_dte_maj, t.ben_nir_psa AS ben_nir_psa, t.ben_rng_gem AS ben_rng_gem
  FROM hive.cdm.ir_ben_r AS t
  WHERE t.ben_idt_ano IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.ir_ben_r AS r WHERE r.ben_idt_ano = t.ben_idt_ano AND (r.ben_dte_maj > t.ben_dte_maj OR (r.ben_dte_maj = t.ben_dte_maj AND (r.ben_nir_psa > t.ben_nir_psa OR (r.ben_nir_psa = t.ben_nir_psa AND (r.ben_rng_gem > t.ben_rng_gem))))))
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.ben_idt_ano AND x.registered_on <= DATE '2025-06-30')
),
population AS (
  SELECT p.* FROM dataset_person AS p
  WHERE NOT (p.person_key IN (SELECT e.person_key FROM (
    SELECT n.person_key, n.on_date, n.row_1 FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, t.exe_soi_dtd AS on_date, t.pha_prs_c13 AS row_1, SUM(t.pha_act_qsn) OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS net_quantity, ROW_NUMBER() OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS copy
    FROM hive.cdm.er_pha_f AS t
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = t.ben_nir_psa AND beneficiary.ben_rng_gem = t.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND (t.pha_atc_cla LIKE 'R03%' OR t.pha_atc_cla IN ('J07BB02'))
    ) AS n
    WHERE n.copy = 1 AND n.net_quantity > 0 AND (n.net_quantity IS NOT NULL AND n.net_quantity >= 50)
    ) AS e))
),
event_row AS (
  SELECT s.person_key, s.on_date, s.value_of_pha_act_qsn, ROW_NUMBER() OVER (PARTITION BY s.person_key ORDER BY s.on_date, s.row_1) AS place
  FROM (
    SELECT n.person_key, n.on_date, n.row_1, n.value_of_pha_act_qsn FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, t.exe_soi_dtd AS on_date, t.pha_prs_c13 AS row_1, SUM(t.pha_act_qsn) OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS value_of_pha_act_qsn, SUM(t.pha_act_qsn) OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS net_quantity, ROW_NUMBER() OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS copy
    FROM hive.cdm.er_pha_f AS t
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = t.ben_nir_psa AND beneficiary.ben_rng_gem = t.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND (t.pha_atc_cla LIKE 'R03%' OR t.pha_atc_cla IN ('J07BB02'))
      AND t.exe_soi_dtd BETWEEN DATE '2022-01-01' AND DATE '2024-12-31'
    ) AS n
    WHERE n.copy = 1 AND n.net_quantity > 0 AND (n.net_quantity IS NOT NULL AND n.net_quantity <= 5)
  ) AS s
)
SELECT p.person_key AS person_key,
  CASE WHEN CAST(year(r.on_date) AS INTEGER) BETWEEN 2022 AND 2024 THEN CAST(CAST(year(r.on_date) AS INTEGER) AS VARCHAR) END AS d1,
  CASE WHEN p.ben_res_reg IN ('FR1') THEN 'FR1' WHEN p.ben_res_reg IN ('FRB') THEN 'FRB' WHEN p.ben_res_reg IN ('FRC') THEN 'FRC' WHEN p.ben_res_reg IN ('FRD') THEN 'FRD' WHEN p.ben_res_reg IN ('FRE') THEN 'FRE' WHEN p.ben_res_reg IN ('FRF') THEN 'FRF' WHEN p.ben_res_reg IN ('FRG') THEN 'FRG' WHEN p.ben_res_reg IN ('FRH') THEN 'FRH' WHEN p.ben_res_reg IN ('FRI') THEN 'FRI' WHEN p.ben_res_reg IN ('FRJ') THEN 'FRJ' WHEN p.ben_res_reg IN ('FRK') THEN 'FRK' WHEN p.ben_res_reg IN ('FRL') THEN 'FRL' WHEN p.ben_res_reg IN ('FRM') THEN 'FRM' END AS d2,
  SUM(CASE WHEN r.place <= 50 THEN 1 ELSE 0 END) AS m1,
  SUM(CASE WHEN NOT r.place <= 1000 OR r.value_of_pha_act_qsn IS NULL THEN 0 WHEN r.value_of_pha_act_qsn < 0 THEN 0 WHEN r.value_of_pha_act_qsn > 2 THEN 2 ELSE r.value_of_pha_act_qsn END) AS m2
FROM population AS p
JOIN event_row AS r ON r.person_key = p.person_key
GROUP BY 1, 2, 3;

-- persons of the dataset
WITH dataset_person AS (
  SELECT t.ben_idt_ano AS person_key, t.ben_idt_ano AS ben_idt_ano, t.ben_nai_ann AS ben_nai_ann, t.ben_sex_cod AS ben_sex_cod, t.ben_res_reg AS ben_res_reg, t.ben_dte_maj AS ben_dte_maj, t.ben_nir_psa AS ben_nir_psa, t.ben_rng_gem AS ben_rng_gem
  FROM hive.cdm.ir_ben_r AS t
  WHERE t.ben_idt_ano IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.ir_ben_r AS r WHERE r.ben_idt_ano = t.ben_idt_ano AND (r.ben_dte_maj > t.ben_dte_maj OR (r.ben_dte_maj = t.ben_dte_maj AND (r.ben_nir_psa > t.ben_nir_psa OR (r.ben_nir_psa = t.ben_nir_psa AND (r.ben_rng_gem > t.ben_rng_gem))))))
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.ben_idt_ano AND x.registered_on <= DATE '2025-06-30')
)
SELECT COUNT(*) AS persons FROM dataset_person AS p;
