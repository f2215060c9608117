-- The same for the French tables: long-term disease, hospital diagnosis, or three dispensations of a glucose-lowering
-- medicine that was not taken back. One person may stand in several rows of ir_ben_r; ben_idt_ano is who it is.
WITH who AS (
    SELECT ben_nir_psa, ben_rng_gem, ben_idt_ano FROM ir_ben_r),
  dispensed AS (
    SELECT w.ben_idt_ano AS person, f.exe_soi_dtd, f.pha_prs_c13
    FROM er_pha_f f JOIN who w USING (ben_nir_psa, ben_rng_gem)
    WHERE f.pha_atc_cla LIKE 'A10B%'
    GROUP BY w.ben_idt_ano, f.exe_soi_dtd, f.pha_prs_c13 HAVING sum(f.pha_act_qsn) > 0),
  found AS (
    SELECT w.ben_idt_ano AS person FROM ir_imb_r i JOIN who w USING (ben_nir_psa, ben_rng_gem) WHERE i.med_mtf_cod LIKE 'E11%'
    UNION SELECT w.ben_idt_ano FROM t_mco_b b JOIN who w USING (ben_nir_psa, ben_rng_gem) WHERE b.dgn_pal LIKE 'E11%'
    UNION SELECT w.ben_idt_ano FROM t_mco_d d JOIN t_mco_b b USING (rsa_num) JOIN who w ON w.ben_nir_psa = b.ben_nir_psa AND w.ben_rng_gem = b.ben_rng_gem
          WHERE d.ass_dgn LIKE 'E11%'
    UNION SELECT person FROM dispensed GROUP BY person HAVING count(*) >= 3),
  newest AS (
    SELECT ben_idt_ano AS person, ben_sex_cod,
           row_number() OVER (PARTITION BY ben_idt_ano ORDER BY ben_dte_maj DESC, ben_nir_psa DESC, ben_rng_gem DESC) AS place
    FROM ir_ben_r)
SELECT CASE n.ben_sex_cod WHEN 2 THEN 'female' WHEN 1 THEN 'male' END AS sex, count(*) AS persons
FROM newest n JOIN found f ON f.person = n.person
WHERE n.place = 1 AND n.person NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= ':snapshot')
GROUP BY sex ORDER BY sex;
