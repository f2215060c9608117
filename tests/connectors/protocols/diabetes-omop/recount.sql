-- Persons with type 2 diabetes by sex and age band, and how many persons there are. In the sqlite3 shell, first:
--   .parameter set :snapshot "'2025-06-30'"
SELECT n.sex, n.age_band, total(n.ill) AS persons, count(*) AS denominator
FROM (
  SELECT iif(gender_concept_id = 2000000002, 'female', 'male') AS sex,
         CASE WHEN 2025 - year_of_birth < 18 THEN '0-17' WHEN 2025 - year_of_birth < 40 THEN '18-39'
              WHEN 2025 - year_of_birth < 65 THEN '40-64' WHEN 2025 - year_of_birth < 80 THEN '65-79'
              ELSE '80+' END AS age_band,
         person_id IN (SELECT person_id FROM condition_occurrence
                       WHERE condition_concept_id IN (2000001013, 2000001014, 2000001015, 2000001016)
                         AND condition_start_date >= '2020-01-01' AND condition_start_date < '2026-01-01') AS ill
  FROM person
  WHERE person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
) AS n
GROUP BY n.sex, n.age_band;
