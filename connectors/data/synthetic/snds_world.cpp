#include "connectors/data/synthetic/snds_world.hpp"

#include <algorithm>
#include <array>

#include "connectors/data/synthetic/random_stream.hpp"
#include "connectors/data/synthetic/table_writer.hpp"

namespace ehds::connectors::synthetic {
namespace {

// The names of the columns are those that users of the SNDS know; the tables hold a small part of theirs.
table const beneficiaries{"ir_ben_r",
                          "ben_nir_psa TEXT NOT NULL, ben_rng_gem INTEGER NOT NULL, ben_idt_ano TEXT NOT NULL, "
                          "ben_nai_ann INTEGER NOT NULL, ben_nai_moi INTEGER NOT NULL, ben_sex_cod INTEGER NOT NULL, "
                          "ben_res_reg TEXT, ben_dcd_dte DATE, ben_dte_maj DATE NOT NULL",
                          "ben_nir_psa, ben_rng_gem, ben_idt_ano, ben_nai_ann, ben_nai_moi, ben_sex_cod, ben_res_reg, "
                          "ben_dcd_dte, ben_dte_maj"};
table const dispensations{"er_pha_f",
                          "flx_num INTEGER PRIMARY KEY, ben_nir_psa TEXT NOT NULL, ben_rng_gem INTEGER NOT NULL, "
                          "exe_soi_dtd DATE NOT NULL, pha_prs_c13 TEXT NOT NULL, pha_atc_cla TEXT NOT NULL, "
                          "pha_act_qsn INTEGER NOT NULL, pha_act_prn INTEGER NOT NULL",
                          "flx_num, ben_nir_psa, ben_rng_gem, exe_soi_dtd, pha_prs_c13, pha_atc_cla, pha_act_qsn, "
                          "pha_act_prn"};
table const stays{"t_mco_b",
                  "eta_num TEXT NOT NULL, rsa_num INTEGER PRIMARY KEY, ben_nir_psa TEXT NOT NULL, ben_rng_gem INTEGER "
                  "NOT NULL, exe_soi_dtd DATE NOT NULL, exe_soi_dtf DATE NOT NULL, dgn_pal TEXT NOT NULL",
                  "eta_num, rsa_num, ben_nir_psa, ben_rng_gem, exe_soi_dtd, exe_soi_dtf, dgn_pal"};
table const associated{"t_mco_d", "rsa_num INTEGER NOT NULL, ass_ord INTEGER NOT NULL, ass_dgn TEXT NOT NULL",
                       "rsa_num, ass_ord, ass_dgn"};
table const long_term{"ir_imb_r",
                      "ben_nir_psa TEXT NOT NULL, ben_rng_gem INTEGER NOT NULL, imb_ald_num INTEGER NOT NULL, "
                      "imb_ald_dtd DATE NOT NULL, imb_ald_dtf DATE, med_mtf_cod TEXT NOT NULL",
                      "ben_nir_psa, ben_rng_gem, imb_ald_num, imb_ald_dtd, imb_ald_dtf, med_mtf_cod"};
table const objections{"opt_out", "person_key TEXT NOT NULL, registered_on DATE NOT NULL", "person_key, registered_on"};

constexpr std::string_view indexes =
    "CREATE UNIQUE INDEX ben_by_nir ON ir_ben_r(ben_nir_psa, ben_rng_gem, ben_idt_ano);"
    "CREATE INDEX ben_by_person ON ir_ben_r(ben_idt_ano);"
    "CREATE INDEX pha_by_atc ON er_pha_f(pha_atc_cla, exe_soi_dtd, ben_nir_psa, ben_rng_gem, pha_prs_c13, "
    "pha_act_qsn);"
    "CREATE INDEX mco_by_diagnosis ON t_mco_b(dgn_pal, exe_soi_dtd, ben_nir_psa, ben_rng_gem);"
    "CREATE INDEX mco_d_by_diagnosis ON t_mco_d(ass_dgn, rsa_num);"
    "CREATE INDEX imb_by_code ON ir_imb_r(med_mtf_cod, ben_nir_psa, ben_rng_gem);"
    "CREATE INDEX opt_out_by_person ON opt_out(person_key, registered_on);";

constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// A pseudonym of seventeen characters, as long as the real one; from the seed, so that it is the same again.
std::string pseudonym(random_stream& chance, char first) {
  std::string made(17, first);
  for (std::size_t i = 1; i < made.size(); ++i) made[i] = letters[chance.below(32)];
  return made;
}

std::string without_dot(std::string_view code) {
  std::string plain{code};
  std::erase(plain, '.');
  return plain;
}

// Product numbers are made up; the range 99999 belongs to no manufacturer.
std::string product_number(concept_id drug) { return "99999" + std::to_string(drug % 100'000'000 + 10'000'000); }

class snds_rows {
 public:
  snds_rows(country const& of, std::uint64_t seed, sqlite::connection& to, std::filesystem::path const& csv)
      : of_(of),
        seed_(seed),
        beneficiaries_(to, beneficiaries, csv),
        dispensations_(to, dispensations, csv),
        stays_(to, stays, csv),
        associated_(to, associated, csv),
        long_term_(to, long_term, csv),
        objections_(to, objections, csv) {}

  void write(life const& told) {
    // Another stream than the life's, so that both models tell the same life.
    random_stream chance{seed_ ^ 0x534e4453ULL, static_cast<std::uint64_t>(told.number)};
    write_beneficiary(told, chance);
    write_dispensations(told, chance);
    write_stays(told, chance);
    write_long_term(told);
  }

 private:
  struct identity {
    std::string nir;
    std::int64_t rank = 1;
  };

  void write_beneficiary(life const& told, random_stream& chance);
  void write_dispensations(life const& told, random_stream& chance);
  void write_stays(life const& told, random_stream& chance);
  void write_long_term(life const& told);
  identity const& used_on(day on) const { return on < changed_on_ ? first_ : second_; }

  country const& of_;
  std::uint64_t seed_;
  table_writer beneficiaries_, dispensations_, stays_, associated_, long_term_, objections_;
  std::int64_t line_ = 0, stay_ = 0;
  identity first_, second_;  // the same unless the person was insured twice
  day changed_on_ = 0;
};

void snds_rows::write_beneficiary(life const& told, random_stream& chance) {
  auto const person = pseudonym(chance, 'A');
  first_ = {pseudonym(chance, 'N'), chance.between(1, 2)};
  second_ = first_;
  changed_on_ = told.observed_from;
  auto const born = calendar(told.birth);
  auto const row = [&](identity const& as, std::size_t region, day updated) {
    std::optional<std::string_view> died;
    if (told.death) died = text_of(*told.death);
    beneficiaries_.add(as.nir, as.rank, person, static_cast<int>(born.year()),
                       static_cast<std::int64_t>(static_cast<unsigned>(born.month())), told.of == sex::male ? 1 : 2,
                       of_.regions[region].nuts, died, text_of(updated));
  };
  // One person in twelve changed the insured parent or the scheme: two rows, the later one is right.
  if (chance.happens(83'000) && told.observed_to - told.observed_from > 100) {
    second_ = {pseudonym(chance, 'N'), 1};
    changed_on_ = told.observed_from + chance.between(30, told.observed_to - told.observed_from);
    row(first_, chance.below(static_cast<std::uint32_t>(of_.regions.size())), told.observed_from);
  }
  row(second_, told.region, changed_on_);
  if (told.objection) objections_.add(person, text_of(*told.objection));
}

void snds_rows::write_dispensations(life const& told, random_stream& chance) {
  for (auto const& given : told.dispensations) {
    auto const& as = used_on(given.on);
    auto const& what = find_code(given.drug);
    auto const product = product_number(given.drug);
    auto const on = text_of(given.on);
    auto const price = static_cast<std::int64_t>(350 + given.drug % 97 * 20);
    dispensations_.add(++line_, as.nir, as.rank, on, product, what.public_code, given.boxes, price * given.boxes);
    auto const line = [&](std::int64_t boxes) {
      dispensations_.add(++line_, as.nir, as.rank, on, product, what.public_code, boxes, price * boxes);
    };
    if (given.cancelled) {
      line(-given.boxes);
    } else if (chance.happens(8'000)) {  // billed twice by mistake, one of them taken back
      line(given.boxes);
      line(-given.boxes);
    }
  }
}

void snds_rows::write_stays(life const& told, random_stream& chance) {
  for (auto const& seen : told.contacts) {
    auto const rare = seen.condition == concepts::ossifying_fibrodysplasia;
    if (seen.where != place::inpatient && !rare) continue;
    auto const& as = used_on(seen.from);
    auto const main = without_dot(find_code(seen.condition).public_code);
    stays_.add("H" + std::to_string(100 + chance.below(80)), ++stay_, as.nir, as.rank, text_of(seen.from),
               text_of(seen.to), main);
    std::int64_t order = 0;
    for (auto const& other : told.illnesses)
      if (other.onset <= seen.from && other.what != nullptr && chance.happens(700'000))
        associated_.add(stay_, ++order, without_dot(find_code(other.recorded).public_code));
  }
}

void snds_rows::write_long_term(life const& told) {
  for (auto const& one : told.illnesses) {
    if (one.what == nullptr || one.what->long_term_number == 0) continue;
    // Asthma and depression are on the list only when severe.
    if (one.what->percent_in_hospital < 8 && one.onset % 10 != 0) continue;
    auto const& as = used_on(std::max(one.onset, told.observed_from));
    long_term_.add(as.nir, as.rank, one.what->long_term_number, text_of(one.onset), std::nullopt,
                   without_dot(find_code(one.recorded).public_code));
  }
}

}  // namespace

void write_snds_world(population_plan const& plan, std::filesystem::path const& file,
                      std::filesystem::path const& csv_folder) {
  auto database = sqlite::connection::create(file);
  database.run("BEGIN");
  {
    snds_rows rows{plan.of, plan.seed, database, csv_folder};
    life told;
    for (std::int64_t number = 1; number <= plan.persons; ++number) {
      tell_life(plan, number, told);
      rows.write(told);
    }
  }
  database.run(std::string{indexes});
  database.run("ANALYZE; COMMIT");
}

}  // namespace ehds::connectors::synthetic
