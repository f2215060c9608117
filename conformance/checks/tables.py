"""Released tables beside a recount of every cell: SQL of our own by the sqlite3 shell over the country's tables."""
import collections
import json
import subprocess

from checks.network import COUNTRIES

HIDDEN = "suppressed or zero"
YEAR = 2024  # ages at the end of this year, so that the year of birth decides

OMOP = """
SELECT CASE gender_concept_id WHEN 2000000002 THEN 'female' WHEN 2000000001 THEN 'male' ELSE 'other' END AS sex,
  {year} - year_of_birth AS age,
  person_id IN (SELECT person_id FROM condition_occurrence WHERE condition_concept_id IN
    (SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = 2000001013)) AS found, count(*) AS persons
FROM person WHERE NOT EXISTS
  (SELECT 1 FROM opt_out WHERE person_key = person_id AND registered_on <= '{snapshot}')
GROUP BY 1, 2, 3"""

SNDS = """
WITH newest AS (SELECT * FROM (SELECT *, row_number() OVER
    (PARTITION BY ben_idt_ano ORDER BY ben_dte_maj DESC, ben_nir_psa DESC, ben_rng_gem DESC) AS place FROM ir_ben_r) WHERE place = 1),
  coded AS (
    SELECT ben_nir_psa, ben_rng_gem FROM ir_imb_r WHERE substr(med_mtf_cod, 1, 3) = 'E11'
    UNION SELECT ben_nir_psa, ben_rng_gem FROM t_mco_b WHERE substr(dgn_pal, 1, 3) = 'E11'
    UNION SELECT ben_nir_psa, ben_rng_gem FROM t_mco_b WHERE rsa_num IN (SELECT rsa_num FROM t_mco_d WHERE substr(ass_dgn, 1, 3) = 'E11')),
  bought AS (SELECT ben_idt_ano, exe_soi_dtd, pha_prs_c13 FROM er_pha_f NATURAL JOIN ir_ben_r
    WHERE substr(pha_atc_cla, 1, 4) = 'A10B' GROUP BY 1, 2, 3 HAVING sum(pha_act_qsn) > 0),
  ill AS (SELECT ben_idt_ano FROM coded NATURAL JOIN ir_ben_r
    UNION SELECT ben_idt_ano FROM bought GROUP BY 1 HAVING count(*) > 2)
SELECT CASE ben_sex_cod WHEN 2 THEN 'female' WHEN 1 THEN 'male' ELSE 'other' END AS sex, {year} - ben_nai_ann AS age,
  ben_idt_ano IN ill AS found, count(*) AS persons
FROM newest WHERE NOT EXISTS
  (SELECT 1 FROM opt_out WHERE person_key = ben_idt_ano AND registered_on <= '{snapshot}')
GROUP BY 1, 2, 3"""


def recount(at, snapshot, bands):
    """(sex, band) -> [found, all], with "*" for all of a dimension."""
    sql = (SNDS if at.name == "FR" else OMOP).format(year=YEAR, snapshot=snapshot)
    done = subprocess.run(["sqlite3", "-readonly", "-json", str(at.health_data), sql], capture_output=True, text=True,
                          check=True)
    counts = collections.defaultdict(lambda: [0, 0])
    for row in json.loads(done.stdout):
        band = next((label for label, low, high in bands if low <= row["age"] <= high), None)
        if band is None or row["sex"] == "other":
            continue
        for cell in ((row["sex"], band), (row["sex"], "*"), ("*", band), ("*", "*")):
            counts[cell][0] += row["persons"] if row["found"] else 0
            counts[cell][1] += row["persons"]
    return counts


def limits_of(label):
    if label.endswith("+"):
        return label, int(label[:-1]), 1000
    low, high = label.split("-")
    return label, int(low), int(high)


def judge_table(at, table, snapshot, told):
    rounding, threshold = table["policy"]["rounding"], table["policy"]["threshold"]
    bands = [limits_of(label) for label in table["dimensions"][1]["labels"]]
    counts = recount(at, snapshot, bands)
    for cell in table["cells"]:
        labels, shown, of = tuple(cell["labels"]), cell["values"][0], cell["denominator"]
        found, everyone = counts[labels]
        where = f"{at.name} {labels}: released {shown} of {of}, counted {found} of {everyone}"
        if found < threshold:
            told.demand(shown == HIDDEN, "sqlite3", "a cell below the threshold is hidden", where)
        if shown != HIDDEN:
            told.demand(2 * abs(shown - found) <= rounding and shown % rounding == 0, "sqlite3",
                        "a shown cell is the recount, rounded", where)
        told.demand(of == HIDDEN or (2 * abs(of - everyone) <= rounding and of % rounding == 0), "sqlite3",
                    "a denominator is the recount, rounded", where)


def judge(nodes, told):
    question = nodes["FR"].read("/api/questions/prevalence", "preparer")
    answers = {one["authority"]: one for one in question["answers"]}
    for name in COUNTRIES:
        answered = told.demand(answers.get(name, {}).get("state") == "answered", "HTTP", "a country has answered", name)
        if answered:
            judge_table(nodes[name], answers[name]["table"], question["asked_at"][:10], told)
