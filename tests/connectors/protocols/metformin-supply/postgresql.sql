-- persons and their cells
WITH set_1 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM cdm.concept AS c WHERE c.concept_id IN (2000002013)
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
  WHERE p.person_key IN (SELECT e.person_key FROM (
    SELECT t.person_id AS person_key, t.drug_exposure_start_date AS on_date, t.drug_exposure_id AS row_1
    FROM cdm.drug_exposure AS t
    WHERE t.person_id IS NOT NULL
      AND t.drug_concept_id IN (SELECT concept_id FROM set_1)
    ) AS e)
),
event_row AS (
  SELECT s.person_key, s.on_date, s.value_of_days_supply, ROW_NUMBER() OVER (PARTITION BY s.person_key ORDER BY s.on_date, s.row_1) AS place
  FROM (
    SELECT t.person_id AS person_key, t.drug_exposure_start_date AS on_date, t.drug_exposure_id AS row_1, t.days_supply AS value_of_days_supply
    FROM cdm.drug_exposure AS t
    WHERE t.person_id IS NOT NULL
      AND t.drug_concept_id IN (SELECT concept_id FROM set_1)
      AND t.drug_exposure_start_date BETWEEN DATE '2024-01-01' AND DATE '2025-12-31'
  ) AS s
)
SELECT p.person_key AS person_key,
  CASE WHEN p.gender_concept_id IN (8532, 2000000002) THEN 'female' WHEN p.gender_concept_id IN (8507, 2000000001) THEN 'male' END AS d1,
  COALESCE(e.m1, 0) AS m1,
  COALESCE(e.m2, 0) AS m2
FROM population AS p
LEFT JOIN (
  SELECT r.person_key, MIN(r.on_date) AS first_day, SUM(CASE WHEN r.place <= 5 THEN 1 ELSE 0 END) AS m1, SUM(CASE WHEN NOT r.place <= 6 OR r.value_of_days_supply IS NULL THEN 0 WHEN r.value_of_days_supply < 0 THEN 0 WHEN r.value_of_days_supply > 60 THEN 60 ELSE r.value_of_days_supply END) AS m2
  FROM event_row AS r GROUP BY r.person_key
) AS e ON e.person_key = p.person_key;

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
