// The synthetic registers: the same everywhere, plausible, and with the planted small group.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/bytes.hpp"
#include "connectors/data/synthetic/random_stream.hpp"
#include "synthetic_world.hpp"

using namespace ehds;
using namespace ehds::tests;
namespace synthetic = ehds::connectors::synthetic;

namespace {

std::string file_bytes(std::filesystem::path const& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// One digest over all CSV files, in the order of their names.
std::string csv_digest(std::filesystem::path const& folder) {
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator{folder}) files.push_back(entry.path());
  std::ranges::sort(files);
  sha256_stream digest;
  for (auto const& file : files) digest.add(file.filename().string() + "\n" + file_bytes(file));
  return to_hex(digest.finish());
}

double share(std::filesystem::path const& database, std::string const& persons_with) {
  return static_cast<double>(count_in(database, persons_with)) / static_cast<double>(world_persons);
}

std::string persons_with_condition(std::string const& concepts) {
  return "SELECT count(DISTINCT person_id) FROM condition_occurrence WHERE condition_concept_id IN (" + concepts + ")";
}

}  // namespace

TEST_CASE("the random stream repeats itself, and each number has its own") {
  synthetic::random_stream stream{1, 1};

  std::vector<std::uint64_t> const first{stream.next(), stream.next(), stream.next()};

  synthetic::random_stream again{1, 1};
  CHECK(first == std::vector<std::uint64_t>{again.next(), again.next(), again.next()});
  synthetic::random_stream other{1, 2};
  CHECK(other.next() != first[0]);
}

TEST_CASE("draws stay within their limits") {
  synthetic::random_stream stream{5, 9};

  for (int i = 0; i < 20'000; ++i) {
    auto const between = stream.between(-3, 3);
    REQUIRE((between >= -3 && between <= 3));
    REQUIRE(stream.below(7) < 7);
    auto const around = stream.around(100, 20);
    REQUIRE((around >= 80 && around <= 120));
  }
  CHECK(stream.between(4, 4) == 4);
  CHECK_FALSE(stream.happens(0));
  CHECK(stream.happens(1'000'000));
}

TEST_CASE("the same seed makes the same bytes, another seed does not") {
  temporary_folder const folder;
  auto const make = [&](std::string const& name, std::uint64_t seed) {
    synthetic::write_omop_world(plan_for("FI", 800, seed), folder.path() / name, {});
    synthetic::write_snds_world(plan_for("FR", 800, seed), folder.path() / (name + "f"), {});
    return sha256_hex(file_bytes(folder.path() / name)) + sha256_hex(file_bytes(folder.path() / (name + "f")));
  };

  auto const first = make("a", 7);

  CHECK(first == make("b", 7));
  CHECK(first != make("c", 8));
}

TEST_CASE("the rows are the same on every machine") {
  temporary_folder const folder;
  std::filesystem::create_directories(folder.path() / "omop");
  std::filesystem::create_directories(folder.path() / "snds");

  synthetic::write_omop_world(plan_for("DK", 500), folder.path() / "o.sqlite", folder.path() / "omop");
  synthetic::write_snds_world(plan_for("FR", 500), folder.path() / "s.sqlite", folder.path() / "snds");

  // Changing the model changes these on purpose; nothing else may.
  CHECK(csv_digest(folder.path() / "omop") == "b561bf596bc29bd622fecd01351aadd4b6e8ab8a01de50bd570165b20ca3711b");
  CHECK(csv_digest(folder.path() / "snds") == "96d375e85f1d48a7b2aeb85dcc161e0017e808403733ed31f15c2974df352c12");
}

TEST_CASE("a person's life does not depend on how many others there are, nor on the model") {
  synthetic::life few;
  synthetic::life many;

  synthetic::tell_life(plan_for("FI", 1'000), 17, few);
  synthetic::tell_life(plan_for("FI", 1'000'000), 17, many);

  CHECK(few.birth == many.birth);
  CHECK(few.contacts.size() == many.contacts.size());
  CHECK(few.dispensations.size() == many.dispensations.size());
}

TEST_CASE("diseases are about as common as they are") {
  auto const& fi = finnish_omop();

  auto const diabetes = share(fi, persons_with_condition("2000001014, 2000001015, 2000001016"));
  auto const hypertension = share(fi, persons_with_condition("2000001101"));
  auto const asthma = share(fi, persons_with_condition("2000001202"));
  auto const depression = share(fi, persons_with_condition("2000001301"));
  auto const copd = share(fi, persons_with_condition("2000001201"));

  CHECK((diabetes > 0.05 && diabetes < 0.11));
  CHECK((hypertension > 0.12 && hypertension < 0.24));
  CHECK((asthma > 0.05 && asthma < 0.12));
  CHECK((depression > 0.03 && depression < 0.10));
  CHECK((copd > 0.01 && copd < 0.05));
}

TEST_CASE("diseases go together as they do") {
  auto const& fi = finnish_omop();
  std::string const diabetics =
      "(SELECT person_id FROM condition_occurrence WHERE condition_concept_id BETWEEN 2000001014 AND 2000001016)";

  auto const with =
      static_cast<double>(count_in(fi, persons_with_condition("2000001113") + " AND person_id IN " + diabetics));
  auto const all_diabetics =
      static_cast<double>(count_in(fi, "SELECT count(*) FROM person WHERE person_id IN " + diabetics));
  auto const everybody = share(fi, persons_with_condition("2000001113"));

  CHECK(with / all_diabetics > 2 * everybody);
  CHECK(count_in(fi,
                 "SELECT count(*) FROM condition_occurrence c JOIN person p USING (person_id) WHERE "
                 "condition_concept_id = 2000001402 AND gender_concept_id = 2000000002") == 0);
}

TEST_CASE("influenza comes in winter") {
  auto const& fi = finnish_omop();
  std::string const cases = "SELECT count(*) FROM condition_occurrence WHERE condition_concept_id = 2000001203";

  auto const winter = count_in(fi, cases + " AND substr(condition_start_date, 6, 2) IN ('12', '01', '02', '03')");
  auto const summer = count_in(fi, cases + " AND substr(condition_start_date, 6, 2) IN ('06', '07', '08')");

  CHECK(winter > 500);
  CHECK(summer < winter / 20);
}

TEST_CASE("ages, sexes and regions look like a country") {
  auto const& fi = finnish_omop();

  auto const women = share(fi, "SELECT count(*) FROM person WHERE gender_concept_id = 2000000002");
  auto const old = share(fi, "SELECT count(*) FROM person WHERE year_of_birth <= 1960");
  auto const capital = share(
      fi, "SELECT count(*) FROM person p JOIN location l ON l.location_id = p.location_id WHERE l.state = 'FI1B'");

  CHECK((women > 0.48 && women < 0.53));
  CHECK((old > 0.17 && old < 0.30));
  CHECK((capital > 0.27 && capital < 0.36));
}

TEST_CASE("exactly four persons have the planted rare disease, in every country and model, whatever the seed") {
  CHECK(count_in(finnish_omop(), persons_with_condition("2000001502")) == synthetic::planted_patients);
  CHECK(count_in(french_snds(),
                 "SELECT count(DISTINCT b.ben_idt_ano) FROM t_mco_b s JOIN ir_ben_r b USING (ben_nir_psa, ben_rng_gem) "
                 "WHERE s.dgn_pal = 'M611'") == synthetic::planted_patients);
  for (std::uint64_t const seed : {1U, 2U, 99U}) {
    temporary_folder const folder;
    synthetic::write_omop_world(plan_for("DK", 300, seed), folder.path() / "dk.sqlite", {});
    CHECK(count_in(folder.path() / "dk.sqlite", persons_with_condition("2000001502")) == 4);
    CHECK(count_in(folder.path() / "dk.sqlite",
                   "SELECT count(*) FROM opt_out WHERE person_key IN (SELECT person_id FROM condition_occurrence WHERE "
                   "condition_concept_id = 2000001502)") == 0);
  }
}

TEST_CASE("every record lies within its person's observation, and every code has its concept") {
  auto const& fi = finnish_omop();

  CHECK(count_in(fi,
                 "SELECT count(*) FROM condition_occurrence c JOIN observation_period o USING (person_id) WHERE "
                 "condition_start_date NOT BETWEEN observation_period_start_date AND "
                 "observation_period_end_date") == 0);
  CHECK(count_in(fi,
                 "SELECT count(*) FROM drug_exposure d JOIN observation_period o USING (person_id) WHERE "
                 "drug_exposure_start_date NOT BETWEEN observation_period_start_date AND "
                 "observation_period_end_date") == 0);
  CHECK(count_in(fi,
                 "SELECT count(*) FROM condition_occurrence WHERE condition_concept_id NOT IN (SELECT concept_id "
                 "FROM concept)") == 0);
  CHECK(count_in(fi, "SELECT count(*) FROM concept WHERE concept_id < 2000000000") == 0);
  CHECK(count_in(fi,
                 "SELECT count(*) FROM concept_relationship r JOIN concept s ON s.concept_id = r.concept_id_1 "
                 "WHERE r.relationship_id = 'Maps to' AND s.concept_code = 'E11.9' AND r.concept_id_2 = "
                 "2000001014") == 1);
  CHECK(count_in(fi, "SELECT count(*) FROM person WHERE person_id NOT IN (SELECT person_id FROM observation_period)") ==
        0);
}

TEST_CASE("flat claims hold corrections that cancel out and beneficiaries with several rows") {
  auto const& fr = french_snds();

  CHECK(count_in(fr, "SELECT count(DISTINCT ben_idt_ano) FROM ir_ben_r") == world_persons);
  CHECK(count_in(fr, "SELECT count(*) FROM ir_ben_r") > world_persons * 105 / 100);
  CHECK(count_in(fr, "SELECT count(*) FROM er_pha_f WHERE pha_act_qsn < 0") > 100);
  CHECK(count_in(fr,
                 "SELECT count(*) FROM (SELECT sum(pha_act_qsn) q FROM er_pha_f GROUP BY ben_nir_psa, ben_rng_gem, "
                 "exe_soi_dtd, pha_prs_c13 HAVING q < 0)") == 0);
  CHECK(count_in(fr,
                 "SELECT count(*) FROM (SELECT sum(pha_act_qsn) q FROM er_pha_f GROUP BY ben_nir_psa, ben_rng_gem, "
                 "exe_soi_dtd, pha_prs_c13 HAVING q = 0)") > 100);
}

TEST_CASE("an unknown country is refused with the known ones") {
  auto const unknown = synthetic::find_country("XX");

  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == "connectors.synthetic.country");
  CHECK(unknown.error().mend == "Use FI, DK or FR.");
}
