#pragma once
// Two nodes in one process for the tests of federation: real stores, real judging, messages carried by hand.
#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>

#include "base/ids.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/questions.hpp"
#include "node/federation/tables.hpp"
#include "policies/aggregate_query.hpp"
#include "policies/released_table.hpp"

namespace ehds::tests {

using namespace ehds::node;

struct temporary_folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ehds-" + random_uuid());
  temporary_folder() { std::filesystem::create_directories(path); }
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;
  ~temporary_folder() { std::filesystem::remove_all(path); }
};

inline std::string diabetes_query(std::string const& dataset, std::string const& code = "E11") {
  return R"({"aq":"1","protocol":"t2dm-by-sex","variant":"flat:snds","dataset":")" + dataset +
         R"(","concept_sets":[{"name":"t2dm","system":"ICD-10","prefixes":[")" + code +
         R"("]}],"population":{"filter":{"exists_in":{"table":"hospital_stay","concept_set":"t2dm"}}},"unit":"person",)"
         R"("by":[{"dimension":"sex"}],"measures":[{"measure":"persons"}],"denominator":true})";
}

struct one_node {
  std::string name;
  manual_clock& wall;
  temporary_folder folder;
  store::database db;
  std::optional<policies::data_permit> permit;
  std::deque<std::pair<std::string, federation::partner_message>> sent;  // partner, message
  std::vector<federation::audited> log;
  federation::jobs jobs;
  federation::questions questions;

  one_node(std::string id, manual_clock& clock_by_hand,
           federation::release_by releases = federation::release_by::officer)
      : name(std::move(id)),
        wall(clock_by_hand),
        db(store::database::open(folder.path / "node.sqlite", {.migrations = federation::migrations()}).value()),
        jobs(db, wall, links(), {name, [releases](std::string_view) { return releases; }}),
        questions(db, wall, links(), name, [this](auto& tx, auto& own) { return jobs.take_own(tx, own); }) {
    jobs.answers_own_questions_by({[this](auto& tx, auto part, auto table) { questions.answer_own(tx, part, table); },
                                   [this](auto& tx, auto part) { questions.refuse_own(tx, part); }});
  }

  federation::links links() {
    return {[this](auto&, auto const& message) {
              sent.emplace_back(message.partner, message);
              return result<void>{};
            },
            [this](auto&, auto const& entry) { log.push_back(entry); },
            [this](auto&, auto& wanted) {
              return permit && permit->queries.front().dataset == wanted.dataset ? permit : std::nullopt;
            },
            [](auto&, auto const& given) { return policies::to_json(given); }};
  }

  result<void> receive(std::string const& from, federation::partner_message const& message) {
    return db.commit([&](store::transaction& tx) -> result<void> {
      if (message.action == "submitQuery") return jobs.take_query(tx, from, message.content);
      if (message.action == "queryStatus") return questions.take_status(tx, from, message.content);
      if (message.action == "releasedTable") return questions.take_table(tx, from, message.content);
      return questions.take_refusal(tx, from, message.content);
    });
  }

  void approve(std::string const& dataset, std::string const& query, std::vector<std::string> persons) {
    policies::data_permit approved;
    approved.id = name + "-2026-0001";
    approved.authority = name;
    approved.application = "APP-1";
    approved.protocol = "t2dm-by-sex";
    approved.queries = {{dataset, policies::query_hash(policies::read_aggregate_query(query).value())}};
    approved.valid_from = parse_date("2026-01-01").value();
    approved.valid_to = parse_date("2027-12-31").value();
    approved.opt_out_snapshot = parse_date("2026-01-01").value();
    approved.persons = std::move(persons);
    permit = approved;
  }
};

// Carries every message that waits, until none does.
inline void carry(std::map<std::string, one_node*> const& nodes) {
  for (bool moved = true; moved;) {
    moved = false;
    for (auto const& [name, node] : nodes) {
      while (!node->sent.empty()) {
        auto const [to, message] = node->sent.front();
        node->sent.pop_front();
        REQUIRE(nodes.at(to)->receive(name, message));
        moved = true;
      }
    }
  }
}

// What a data zone would hand back: a table in the layout of the query.
inline std::string table_for(std::string const& query, std::optional<std::int64_t> women, std::int64_t men) {
  auto const read = policies::read_aggregate_query(query).value();
  policies::released_table table;
  table.query_hash = policies::query_hash(read);
  table.protocol = read.protocol;
  table.dataset = read.dataset;
  table.authority = "XX";
  table.permit_id = "XX-2026-0001";
  table.policy = {"standard", 1, 5, 10, "demonstration"};
  table.dimensions = {{"sex", {"female", "male"}}};
  table.measures = {"persons"};
  table.has_denominator = true;
  table.cells = {{{"female"}, {women}, 1000}, {{"male"}, {men}, 900}};
  return policies::to_json(table);
}

}  // namespace ehds::tests
