#pragma once
// The tables of the desk. Events are the truth; access_case repeats what lists need and is written in the same effect.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/access/cases/case_event.hpp"
#include "node/access/cases/case_state.hpp"
#include "node/access/cases/case_views.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access::tables {

std::vector<store::migration> case_migrations();

void insert_event(store::transaction& tx, case_event const& event);
std::vector<case_event> events_of(store::reading& now, std::string_view case_id);

void write_case(store::transaction& tx, case_state const& state, std::optional<date> due);
std::optional<case_line> case_line_of(store::reading& now, std::string_view case_id);
std::vector<case_line> case_lines(store::reading& now, case_filter const& filter);
std::vector<std::string> case_ids(store::reading& now, std::string_view application_id);

// What was done under that key before; the fingerprint is of the whole command.
struct done_command {
  std::string case_id;
  std::string fingerprint;
};
std::optional<done_command> command_done(store::reading& now, std::string_view command_id);
void insert_command(store::transaction& tx, std::string_view command_id, done_command const& done);

void insert_copy(store::transaction& tx, std::string_view application_id, int version, std::string_view metadata_json,
                 std::string_view zip, instant now);
struct application_copy {
  int version = 1;
  std::string metadata_json;
  std::string zip;
};
std::vector<application_version> versions_of(store::reading& now, std::string_view application_id);
std::optional<application_copy> newest_copy(store::reading& now, std::string_view application_id);

void write_foreign(store::transaction& tx, std::string_view application_id, foreign_status const& status);
std::vector<foreign_status> foreign_of(store::reading& now, std::string_view application_id);

}  // namespace ehds::node::access::tables
