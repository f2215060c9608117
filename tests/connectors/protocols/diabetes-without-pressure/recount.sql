-- Two records of diabetes other than type 1, none of high blood pressure, and either a heart disease or born after 1960.
WITH kept AS (
  SELECT p.person_id, p.year_of_birth, p.gender_concept_id, l.state
  FROM person p JOIN location l ON l.location_id = p.location_id
  WHERE p.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
), flags AS (
  SELECT k.person_id,
         total(c.condition_source_value LIKE 'E11%') AS diabetes,
         total(c.condition_source_value = 'I10') AS pressure,
         total(c.condition_source_value IN ('I20', 'I21', 'I25')) AS heart
  FROM kept k JOIN condition_occurrence c ON c.person_id = k.person_id GROUP BY k.person_id
)
SELECT k.state, iif(k.gender_concept_id = 2000000002, 'female', 'male') AS sex, count(*) AS persons
FROM kept k JOIN flags f ON f.person_id = k.person_id
WHERE f.diabetes >= 2 AND f.pressure = 0 AND (f.heart > 0 OR k.year_of_birth > 1960)
GROUP BY 1, 2;
