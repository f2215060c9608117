-- persons and their cells
WITH set_1 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM cdm.concept AS c WHERE c.concept_id IN (2000001011)
    UNION SELECT c.concept_id FROM cdm.concept_ancestor AS a JOIN cdm.concept AS c ON c.concept_id = a.descendant_concept_id
    WHERE a.ancestor_concept_id IN (2000001011) AND c.invalid_reason IS NULL
  ) AS i
  EXCEPT SELECT x.concept_id FROM (
    SELECT c.concept_id FROM cdm.concept AS c WHERE c.concept_id IN (2000001012)
  ) AS x
),
set_2 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM cdm.concept AS c WHERE c.concept_id IN (2000001101)
  ) AS i
),
set_3 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM cdm.concept AS c WHERE c.concept_id IN (2000001110)
    UNION SELECT c.concept_id FROM cdm.concept_ancestor AS a JOIN cdm.concept AS c ON c.concept_id = a.descendant_concept_id
    WHERE a.ancestor_concept_id IN (2000001110) AND c.invalid_reason IS NULL
  ) AS i
),
dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM cdm.person AS t
    LEFT JOIN cdm.location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM cdm.observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM cdm.opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= DATE '2025-06-30')
),
population AS (
  SELECT p.* FROM dataset_person AS p
  WHERE ((p.person_key IN (SELECT e.person_key FROM (
    SELECT t.person_id AS person_key, t.condition_start_date AS on_date, t.condition_occurrence_id AS row_1
    FROM cdm.condition_occurrence AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_3)
    ) AS e)
    OR NOT ((p.year_of_birth IS NOT NULL AND p.year_of_birth <= 1960)))
    AND p.person_key IN (SELECT e.person_key FROM (
    SELECT t.person_id AS person_key, t.condition_start_date AS on_date, t.condition_occurrence_id AS row_1
    FROM cdm.condition_occurrence AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_1)
    ) AS e GROUP BY e.person_key HAVING COUNT(*) >= 2)
    AND NOT (p.person_key IN (SELECT e.person_key FROM (
    SELECT t.person_id AS person_key, t.condition_start_date AS on_date, t.condition_occurrence_id AS row_1
    FROM cdm.condition_occurrence AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_2)
    ) AS e)))
)
SELECT p.person_key AS person_key,
  CASE WHEN p.region IN ('FI19') THEN 'FI19' WHEN p.region IN ('FI1B') THEN 'FI1B' WHEN p.region IN ('FI1C') THEN 'FI1C' WHEN p.region IN ('FI1D') THEN 'FI1D' WHEN p.region IN ('FI20') THEN 'FI20' END AS d1,
  CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d2
FROM population AS p;

-- persons of the dataset
WITH dataset_person AS (
  SELECT t.person_id AS person_key, t.person_id AS person_id, t.year_of_birth AS year_of_birth, t.gender_concept_id AS gender_concept_id, home.state AS region
  FROM cdm.person AS t
    LEFT JOIN cdm.location AS home ON home.location_id = t.location_id
  WHERE t.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM cdm.observation_period AS o WHERE o.person_id = t.person_id)
    AND NOT EXISTS (SELECT 1 FROM cdm.opt_out AS x WHERE x.person_key = t.person_id AND x.registered_on <= DATE '2025-06-30')
)
SELECT COUNT(*) AS persons FROM dataset_person AS p;
