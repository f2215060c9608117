#include "policies/simulated_people.hpp"

#include <random>

namespace ehds::connectors {

// The one class that may build raw tables; in the programme it is the engine.
class query_run {
 public:
  static policies::raw_table_builder start(policies::cleared_query const& cleared, policies::table_layout layout) {
    return {policies::raw_table_pass{}, cleared, std::move(layout)};
  }
};

}  // namespace ehds::connectors

namespace ehds::policies::simulated {
namespace {

std::string text_of(asking const& question) {
  bool const counts_events = question.measures.find("events") != std::string::npos ||
                             question.measures.find("sum") != std::string::npos || question.unit == "event" ||
                             question.by.find("year") != std::string::npos;
  return R"({"aq":"1","protocol":")" + question.protocol +
         R"(","variant":"flat:made-up","dataset":"people","population":{"filter":{"column":{"column":"note","op":"equals","value":")" +
         question.note + R"("}}},"unit":")" + question.unit + R"(","by":)" + question.by + R"(,"measures":)" +
         question.measures + (counts_events ? R"(,"events":{"table":"visits"})" : "") +
         (question.denominator ? R"(,"denominator":true)" : "") + "}";
}

std::size_t label_of(axis const& a, person const& p) {
  if (a.dimension == "sex") return p.male ? 1 : 0;
  if (a.dimension == "region") return static_cast<std::size_t>(p.region);
  if (a.dimension == "year") return static_cast<std::size_t>(p.year - 2020);
  for (std::size_t i = a.labels.size(); i-- > 0;) {
    if (p.age >= std::stoi(a.labels[i])) return i;
  }
  return 0;
}

std::size_t cell_of(table_layout const& layout, person const& p) {
  std::vector<std::size_t> position;
  for (auto const& a : layout.axes) position.push_back(label_of(a, p));
  return layout.cell_at(position);
}

}  // namespace

std::vector<person> people(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  auto const below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
  std::vector<person> all;
  for (std::size_t i = 0; i < count; ++i) {
    person p{"person " + std::to_string(i), below(2) == 1, below(95), below(5), false, 0, 0, 2020};
    p.ill = below(100) < 2 + p.age / 5;
    p.events = 1 + below(4);
    p.year = 2020 + below(3);
    p.amount = p.events * (10 + below(90));
    all.push_back(std::move(p));
  }
  return all;
}

std::vector<declared_dimension> declared() {
  return {{"sex", {"female", "male"}}, {"region", {"N", "E", "S", "W", "C"}}};
}

data_permit permit_for(aggregate_query const& query, disclosure_policy const& policy) {
  data_permit permit;
  permit.id = "permit 1";
  permit.authority = "XX";
  permit.application = "application 1";
  permit.protocol = query.protocol;
  permit.queries = {{query.dataset, query_hash(query)}};
  permit.valid_from = parse_date("2026-01-01").value();
  permit.valid_to = parse_date("2026-12-31").value();
  permit.persons = {"researcher"};
  permit.opt_out_snapshot = parse_date("2026-01-01").value();
  permit.disclosure_policy = policy.id;
  return permit;
}

country::country(std::vector<person> everybody, disclosure_policy rules)
    : policy(std::move(rules)), everybody_(std::move(everybody)) {
  policy.id = "made-up";
  policy.cells_per_permit = 1'000'000;
}

disclosed country::ask(asking const& question, condition const& who) {
  auto const query = read_aggregate_query(text_of(question)).value();
  auto cleared = judge(query, permit_for(query, policy), {"researcher"}, parse_rfc3339("2026-06-01").value()).value();
  auto const layout = lay_out(query, declared()).value();

  auto builder = connectors::query_run::start(cleared, layout);
  builder.dataset_persons(static_cast<std::int64_t>(everybody_.size()));
  std::vector<std::int64_t> denominators(layout.cell_count());
  for (auto const& p : everybody_) {
    auto const cell = cell_of(layout, p);
    // The dataset's persons do not depend on years: they are in the cells of every year.
    for (auto of_year = p; auto const year : {2020, 2021, 2022}) {
      of_year.year = year;
      if (question.by.find("year") == std::string::npos && year != 2020) continue;
      ++denominators[cell_of(layout, of_year)];
    }
    if (!who(p)) continue;
    auto const token = tokens_.of(p.key);
    builder.add_person(cell, token);
    builder.add_events(cell, token, p.events);
    if (query.unit == counted::event && p.year < 2022 && p.events > 2) {
      auto later = p;
      ++later.year;
      builder.add_events(cell_of(layout, later), token, p.events - 2);
    }
    for (std::size_t m = 0; m < query.measures.size(); ++m) {
      if (query.measures[m].what == measured::sum) builder.add_sum(cell, token, m, p.amount);
    }
  }
  for (std::size_t cell = 0; cell < denominators.size(); ++cell) builder.denominator(cell, denominators[cell]);
  auto table = std::move(builder).finish();
  auto proposal = disclose(table, cleared, policy, history, spent);
  return {std::move(proposal), std::move(cleared), std::move(table)};
}

result<release_proposal> country::disclose_again(disclosed const& figures, disclosed const& clearance,
                                                 disclosure_policy const& under) const {
  return disclose(figures.table, clearance.cleared, under, history, spent);
}

released_table country::answer(asking const& question, condition const& who) {
  auto asked = ask(question, who);
  auto& proposal = asked.proposal.value();
  history.entries.push_back(std::move(proposal.owed.entry));
  spent += proposal.owed.cells;
  return std::move(proposal.table);
}

}  // namespace ehds::policies::simulated
