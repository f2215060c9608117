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
  WHERE (p.person_key IN (SELECT e.person_key FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, t.imb_ald_dtd AS on_date, t.imb_ald_num AS row_1, t.med_mtf_cod AS row_2
    FROM hive.cdm.ir_imb_r AS t
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = t.ben_nir_psa AND beneficiary.ben_rng_gem = t.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND t.med_mtf_cod LIKE 'E11%'
    ) AS e)
    OR p.person_key IN (SELECT e.person_key FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, t.exe_soi_dtd AS on_date, t.rsa_num AS row_1
    FROM hive.cdm.t_mco_b AS t
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = t.ben_nir_psa AND beneficiary.ben_rng_gem = t.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND t.dgn_pal LIKE 'E11%'
    ) AS e)
    OR p.person_key IN (SELECT e.person_key FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, stay.exe_soi_dtd AS on_date, t.rsa_num AS row_1, t.ass_ord AS row_2
    FROM hive.cdm.t_mco_d AS t
    JOIN hive.cdm.t_mco_b AS stay ON stay.rsa_num = t.rsa_num
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = stay.ben_nir_psa AND beneficiary.ben_rng_gem = stay.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND t.ass_dgn LIKE 'E11%'
    ) AS e)
    OR p.person_key IN (SELECT e.person_key FROM (
    SELECT n.person_key, n.on_date, n.row_1 FROM (
    SELECT beneficiary.ben_idt_ano AS person_key, t.exe_soi_dtd AS on_date, t.pha_prs_c13 AS row_1, SUM(t.pha_act_qsn) OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS net_quantity, ROW_NUMBER() OVER (PARTITION BY beneficiary.ben_idt_ano, t.exe_soi_dtd, t.pha_prs_c13, t.pha_atc_cla) AS copy
    FROM hive.cdm.er_pha_f AS t
    JOIN hive.cdm.ir_ben_r AS beneficiary ON beneficiary.ben_nir_psa = t.ben_nir_psa AND beneficiary.ben_rng_gem = t.ben_rng_gem
    WHERE beneficiary.ben_idt_ano IS NOT NULL
      AND t.pha_atc_cla LIKE 'A10B%'
      AND t.exe_soi_dtd BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
    ) AS n
    WHERE n.copy = 1 AND n.net_quantity > 0
    ) AS e GROUP BY e.person_key HAVING COUNT(*) >= 3))
)
SELECT p.person_key AS person_key,
  CASE WHEN p.ben_sex_cod IN (2) THEN 'female' WHEN p.ben_sex_cod IN (1) THEN 'male' END AS d1,
  CASE WHEN 2025 - p.ben_nai_ann >= 80 THEN '80+' WHEN 2025 - p.ben_nai_ann >= 65 THEN '65-79' WHEN 2025 - p.ben_nai_ann >= 40 THEN '40-64' WHEN 2025 - p.ben_nai_ann >= 18 THEN '18-39' WHEN 2025 - p.ben_nai_ann >= 0 THEN '0-17' END AS d2
FROM population AS p;

-- persons of the dataset
WITH dataset_person AS (
  SELECT t.ben_idt_ano AS person_key, t.ben_idt_ano AS ben_idt_ano, t.ben_nai_ann AS ben_nai_ann, t.ben_sex_cod AS ben_sex_cod, t.ben_res_reg AS ben_res_reg, t.ben_dte_maj AS ben_dte_maj, t.ben_nir_psa AS ben_nir_psa, t.ben_rng_gem AS ben_rng_gem
  FROM hive.cdm.ir_ben_r AS t
  WHERE t.ben_idt_ano IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.ir_ben_r AS r WHERE r.ben_idt_ano = t.ben_idt_ano AND (r.ben_dte_maj > t.ben_dte_maj OR (r.ben_dte_maj = t.ben_dte_maj AND (r.ben_nir_psa > t.ben_nir_psa OR (r.ben_nir_psa = t.ben_nir_psa AND (r.ben_rng_gem > t.ben_rng_gem))))))
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.ben_idt_ano AND x.registered_on <= DATE '2025-06-30')
)
SELECT COUNT(*) AS persons FROM dataset_person AS p;

-- denominators
WITH dataset_person AS (
  SELECT t.ben_idt_ano AS person_key, t.ben_idt_ano AS ben_idt_ano, t.ben_nai_ann AS ben_nai_ann, t.ben_sex_cod AS ben_sex_cod, t.ben_res_reg AS ben_res_reg, t.ben_dte_maj AS ben_dte_maj, t.ben_nir_psa AS ben_nir_psa, t.ben_rng_gem AS ben_rng_gem
  FROM hive.cdm.ir_ben_r AS t
  WHERE t.ben_idt_ano IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.ir_ben_r AS r WHERE r.ben_idt_ano = t.ben_idt_ano AND (r.ben_dte_maj > t.ben_dte_maj OR (r.ben_dte_maj = t.ben_dte_maj AND (r.ben_nir_psa > t.ben_nir_psa OR (r.ben_nir_psa = t.ben_nir_psa AND (r.ben_rng_gem > t.ben_rng_gem))))))
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.ben_idt_ano AND x.registered_on <= DATE '2025-06-30')
)
SELECT CASE WHEN p.ben_sex_cod IN (2) THEN 'female' WHEN p.ben_sex_cod IN (1) THEN 'male' END AS d1,
  CASE WHEN 2025 - p.ben_nai_ann >= 80 THEN '80+' WHEN 2025 - p.ben_nai_ann >= 65 THEN '65-79' WHEN 2025 - p.ben_nai_ann >= 40 THEN '40-64' WHEN 2025 - p.ben_nai_ann >= 18 THEN '18-39' WHEN 2025 - p.ben_nai_ann >= 0 THEN '0-17' END AS d2,
  COUNT(*) AS persons
FROM dataset_person AS p
GROUP BY 1, 2;
