-- The planted small group: four persons.
SELECT count(DISTINCT person_id) AS persons FROM condition_occurrence WHERE condition_source_value = 'M61.1';
