-- Persons with a diagnosis of type 2 diabetes by sex, counted without the node: run by the sqlite3 shell inside the country.
-- Written from the protocol, not from the node's own SQL. Objections registered up to :snapshot are left out.
SELECT CASE p.gender_concept_id WHEN 2000000002 THEN 'female' WHEN 2000000001 THEN 'male' END AS sex, count(*) AS persons
FROM person p
WHERE p.person_id IN (
    SELECT c.person_id FROM condition_occurrence c
    JOIN concept_ancestor a ON a.descendant_concept_id = c.condition_concept_id
    WHERE a.ancestor_concept_id = 2000001013)
  AND p.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= ':snapshot')
GROUP BY sex ORDER BY sex;
