-- persons and their cells
WITH set_1 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM hive.cdm.concept AS c WHERE c.concept_id IN (2000001013)
    UNION SELECT c.concept_id FROM hive.cdm.concept_ancestor AS a JOIN hive.cdm.concept AS c ON c.concept_id = a.descendant_concept_id
    WHERE a.ancestor_concept_id IN (2000001013) AND c.invalid_reason IS NULL
  ) AS i
),
dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM hive.cdm.person AS t
    LEFT JOIN hive.cdm.location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM hive.cdm.observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= DATE '2025-06-30')
),
population AS (
  SELECT p.* FROM dataset_person AS p
  WHERE p.person_key IN (SELECT e.person_key FROM (
    SELECT t.person_id AS person_key, t.condition_start_date AS on_date, t.condition_occurrence_id AS row_1
    FROM hive.cdm.condition_occurrence AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_1)
      AND t.condition_start_date BETWEEN DATE '2020-01-01' AND DATE '2025-12-31'
    ) AS e)
)
SELECT p.person_key AS person_key,
  CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d1,
  CASE WHEN 2025 - p.year_of_birth >= 80 THEN '80+' WHEN 2025 - p.year_of_birth >= 65 THEN '65-79' WHEN 2025 - p.year_of_birth >= 40 THEN '40-64' WHEN 2025 - p.year_of_birth >= 18 THEN '18-39' WHEN 2025 - p.year_of_birth >= 0 THEN '0-17' END AS d2
FROM population AS p;

-- persons of the dataset
WITH dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM hive.cdm.person AS t
    LEFT JOIN hive.cdm.location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM hive.cdm.observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= DATE '2025-06-30')
)
SELECT COUNT(*) AS persons FROM dataset_person AS p;

-- denominators
WITH dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM hive.cdm.person AS t
    LEFT JOIN hive.cdm.location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM hive.cdm.observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM hive.cdm.opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= DATE '2025-06-30')
)
SELECT CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d1,
  CASE WHEN 2025 - p.year_of_birth >= 80 THEN '80+' WHEN 2025 - p.year_of_birth >= 65 THEN '65-79' WHEN 2025 - p.year_of_birth >= 40 THEN '40-64' WHEN 2025 - p.year_of_birth >= 18 THEN '18-39' WHEN 2025 - p.year_of_birth >= 0 THEN '0-17' END AS d2,
  COUNT(*) AS persons
FROM dataset_person AS p
GROUP BY 1, 2;
