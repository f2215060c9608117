-- Persons born 1950 to 1999 by the year of their first depressive episode in the register, and by sex; beside it all
-- persons of that sex.
SELECT f.y, f.sex, count(*) AS persons,
       (SELECT count(*) FROM person q
        WHERE iif(q.gender_concept_id = 2000000002, 'female', 'male') = f.sex
          AND q.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)) AS denominator
FROM (
  SELECT p.person_id, iif(p.gender_concept_id = 2000000002, 'female', 'male') AS sex,
         substr(min(c.condition_start_date), 1, 4) AS y
  FROM person p JOIN condition_occurrence c ON c.person_id = p.person_id
  WHERE c.condition_concept_id = 2000001301 AND p.year_of_birth BETWEEN 1950 AND 1999
    AND p.person_id NOT IN (SELECT person_key FROM opt_out WHERE registered_on <= :snapshot)
  GROUP BY p.person_id
) AS f
WHERE f.y BETWEEN '2021' AND '2025'
GROUP BY f.y, f.sex;
