-- persons and their cells
WITH set_1 AS (
  SELECT i.concept_id FROM (
    SELECT c.concept_id FROM concept AS c WHERE c.concept_id IN (2000001203)
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
  WHERE 1 = 1
),
event_row AS (
  SELECT s.person_key, s.on_date, ROW_NUMBER() OVER (PARTITION BY s.person_key ORDER BY s.on_date, s.row_1) AS place
  FROM (
    SELECT t.person_id AS person_key, t.condition_start_date AS on_date, t.condition_occurrence_id AS row_1
    FROM condition_occurrence AS t
    WHERE t.person_id IS NOT NULL
      AND t.condition_concept_id IN (SELECT concept_id FROM set_1)
      AND t.condition_start_date BETWEEN '2020-06-01' AND '2025-12-31'
  ) AS s
)
SELECT p.person_key AS person_key,
  CASE WHEN CAST(substr(r.on_date, 1, 4) AS INTEGER) BETWEEN 2021 AND 2025 THEN CAST(CAST(substr(r.on_date, 1, 4) AS INTEGER) AS VARCHAR) END AS d1,
  CASE WHEN p.region IN ('FI19') THEN 'FI19' WHEN p.region IN ('FI1B') THEN 'FI1B' WHEN p.region IN ('FI1C') THEN 'FI1C' WHEN p.region IN ('FI1D') THEN 'FI1D' WHEN p.region IN ('FI20') THEN 'FI20' END AS d2,
  SUM(CASE WHEN r.place <= 2 THEN 1 ELSE 0 END) AS m1
FROM population AS p
JOIN event_row AS r ON r.person_key = p.person_key
GROUP BY 1, 2, 3;

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
