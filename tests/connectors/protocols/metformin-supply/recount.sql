-- Persons who ever got metformin by sex; of 2024 and 2025 their first five dispensations, and the days of their first
-- six, sixty at most each.
SELECT sex, count(*) AS persons, total(min(given, 5)) AS events, total(min(given, 6) * 60) AS days
FROM (
  SELECT iif(gender_concept_id = 2000000002, 'female', 'male') AS sex,
         (SELECT count(*) FROM drug_exposure d
          WHERE d.person_id = p.person_id AND d.drug_concept_id = 2000002013
            AND d.drug_exposure_start_date BETWEEN '2024-01-01' AND '2025-12-31') AS given
  FROM person p
  WHERE EXISTS (SELECT 1 FROM drug_exposure d WHERE d.person_id = p.person_id AND d.drug_concept_id = 2000002013)
    AND p.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
)
GROUP BY sex;
