#pragma once
// The public register, Art. 57(1)(j): every application on reception, every decision with its reasons. Holds nothing
// about a natural person: names, addresses, contacts, payment and files never enter it.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "node/access/cases/case_state.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access {

struct register_entry {
  std::string case_id;
  std::string application_id;
  std::string authority;
  std::string type;  // code
  std::string title;
  std::string applicant;              // the legal person; "withheld" for a natural person
  std::vector<std::string> purposes;  // "(e) Scientific research in the health sector"
  std::string summary;
  std::vector<std::string> datasets;
  std::string status;    // code
  std::string decision;  // granted, partial, refused; empty before
  std::vector<decision_ground> grounds;
  std::string permit_id;
  std::string permit_status;
  std::string valid_to;
  instant received;
  std::optional<instant> decided;
  instant updated;
};

class public_register {
 public:
  explicit public_register(store::database& db) : db_(db) {}
  static std::vector<store::migration> migrations();

  std::vector<register_entry> entries(std::size_t limit = 200) const;  // newest change first
  std::optional<register_entry> find(std::string_view case_id) const;
  std::string to_json_feed(std::size_t limit = 200) const;  // {"entries":[...]}, oldest change last

  // Called by the desk inside its effects.
  static void publish(store::transaction& tx, case_state const& state, std::string_view metadata_json, instant now);
  static void update(store::transaction& tx, case_state const& state, instant now);

 private:
  store::database& db_;
};

}  // namespace ehds::node::access
