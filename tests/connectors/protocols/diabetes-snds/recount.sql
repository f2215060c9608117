-- Persons with type 2 diabetes by sex and age band, and how many persons there are. In the sqlite3 shell, first:
--   .parameter set :snapshot "'2025-06-30'"
SELECT n.sex, n.age_band, total(n.ill) AS persons, count(*) AS denominator
FROM (
  SELECT iif(b.ben_sex_cod = 2, 'female', 'male') AS sex,
         CASE WHEN 2025 - b.ben_nai_ann < 18 THEN '0-17' WHEN 2025 - b.ben_nai_ann < 40 THEN '18-39'
              WHEN 2025 - b.ben_nai_ann < 65 THEN '40-64' WHEN 2025 - b.ben_nai_ann < 80 THEN '65-79'
              ELSE '80+' END AS age_band,
         b.ben_idt_ano IN (
           SELECT ben_idt_ano FROM (
             SELECT i.ben_idt_ano, d.exe_soi_dtd, d.pha_prs_c13, sum(d.pha_act_qsn) AS boxes
             FROM ir_ben_r i, er_pha_f d
             WHERE i.ben_nir_psa = d.ben_nir_psa AND i.ben_rng_gem = d.ben_rng_gem
               AND substr(d.pha_atc_cla, 1, 4) = 'A10B' AND substr(d.exe_soi_dtd, 1, 4) = '2025'
             GROUP BY i.ben_idt_ano, d.exe_soi_dtd, d.pha_prs_c13)
           WHERE boxes > 0 GROUP BY ben_idt_ano HAVING count(*) > 2
           UNION
           SELECT i.ben_idt_ano FROM ir_ben_r i JOIN ir_imb_r l USING (ben_nir_psa, ben_rng_gem)
           WHERE l.med_mtf_cod LIKE 'E11%'
           UNION
           SELECT i.ben_idt_ano FROM ir_ben_r i JOIN t_mco_b s USING (ben_nir_psa, ben_rng_gem)
           WHERE s.dgn_pal LIKE 'E11%'
              OR s.rsa_num IN (SELECT rsa_num FROM t_mco_d WHERE ass_dgn LIKE 'E11%')
         ) AS ill
  FROM ir_ben_r b
  WHERE NOT EXISTS (SELECT 1 FROM ir_ben_r later
                    WHERE later.ben_idt_ano = b.ben_idt_ano AND later.ben_dte_maj > b.ben_dte_maj)
    AND b.ben_idt_ano NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
) AS n
GROUP BY n.sex, n.age_band;
