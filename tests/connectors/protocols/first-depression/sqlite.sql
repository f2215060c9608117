-- persons and their cells
WITH set_1 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM concept AS c WHERE c.concept_id IN (2000001300)
    UNION SELECT c.concept_id FROM concept_ancestor AS a JOIN concept AS c ON c.concept_id = a.descendant_concept_id
    WHERE a.ancestor_concept_id IN (2000001300) AND c.invalid_reason IS NULL
  ) AS i
),
dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM person AS t
    LEFT JOIN location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= '2025-06-30')
),
population AS (
  SELECT p.* FROM dataset_person AS p
  WHERE (p.year_of_birth IS NOT NULL AND p.year_of_birth BETWEEN 1950 AND 1999)
),
event_row AS (
  SELECT s.person_key, s.on_date
  FROM (
    SELECT t.person_id AS person_key, t.condition_era_start_date AS on_date, t.condition_era_id AS row_1
    FROM condition_era AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_1)
  ) AS s
)
SELECT p.person_key AS person_key,
  CASE WHEN CAST(substr(e.first_day, 1, 4) AS INTEGER) BETWEEN 2021 AND 2025 THEN CAST(CAST(substr(e.first_day, 1, 4) AS INTEGER) AS VARCHAR) END AS d1,
  CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d2
FROM population AS p
LEFT JOIN (
  SELECT r.person_key, MIN(r.on_date) AS first_day
  FROM event_row AS r GROUP BY r.person_key
) AS e ON e.person_key = p.person_key;

-- persons of the dataset
WITH dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM person AS t
    LEFT JOIN location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= '2025-06-30')
)
SELECT COUNT(*) AS persons FROM dataset_person AS p;

-- denominators
WITH dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM person AS t
    LEFT JOIN location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= '2025-06-30')
)
SELECT CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d2,
  COUNT(*) AS persons
FROM dataset_person AS p
GROUP BY 1;
