-- Medicines for the airways and influenza vaccine by year and region: persons, dispensations that were not taken back,
-- and boxes, two at most each. Nobody reaches the cap of fifty in three years.
SELECT y, region, count(DISTINCT person) AS persons, count(*) AS events, total(min(boxes, 2)) AS boxes
FROM (
  SELECT i.ben_idt_ano AS person, substr(d.exe_soi_dtd, 1, 4) AS y, sum(d.pha_act_qsn) AS boxes,
         (SELECT r.ben_res_reg FROM ir_ben_r r WHERE r.ben_idt_ano = i.ben_idt_ano
          ORDER BY r.ben_dte_maj DESC LIMIT 1) AS region
  FROM er_pha_f d JOIN ir_ben_r i USING (ben_nir_psa, ben_rng_gem)
  WHERE (d.pha_atc_cla LIKE 'R03%' OR d.pha_atc_cla = 'J07BB02') AND d.exe_soi_dtd BETWEEN '2022-01-01' AND '2024-12-31'
    AND NOT EXISTS (SELECT 1 FROM opt_out o WHERE o.person_key = i.ben_idt_ano AND o.registered_on <= :snapshot)
  GROUP BY i.ben_idt_ano, d.exe_soi_dtd, d.pha_prs_c13
  HAVING sum(d.pha_act_qsn) BETWEEN 1 AND 5
)
GROUP BY y, region;
