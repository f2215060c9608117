-- Influenza by year and region: persons, and their first two cases each.
SELECT y, region, count(DISTINCT person_id) AS persons, total(nth <= 2) AS events
FROM (
  SELECT c.person_id, substr(c.condition_start_date, 1, 4) AS y, l.state AS region,
         (SELECT count(*) FROM condition_occurrence e
          WHERE e.person_id = c.person_id AND e.condition_concept_id = 2000001203
            AND e.condition_start_date BETWEEN '2020-06-01' AND '2025-12-31'
            AND (e.condition_start_date, e.condition_occurrence_id)
                <= (c.condition_start_date, c.condition_occurrence_id)) AS nth
  FROM condition_occurrence c, person p, location l
  WHERE c.condition_concept_id = 2000001203 AND c.condition_start_date BETWEEN '2020-06-01' AND '2025-12-31'
    AND p.person_id = c.person_id AND l.location_id = p.location_id
    AND c.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
)
WHERE y BETWEEN '2021' AND '2025'
GROUP BY y, region;
