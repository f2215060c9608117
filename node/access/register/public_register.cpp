#include "node/access/register/public_register.hpp"

#include "node/access/cases/case_json.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace ehds::node::access {
namespace {

bool holds(json const& value, std::string_view key) {
  return choice_key(value) == key || (value.is_boolean() && value.get<bool>() && key == "a");
}

std::vector<std::string> purposes_of(case_state const& state, json const& project) {
  std::vector<std::string> purposes;
  auto const* const form = shipped_form(state.form_release, state.type);
  auto const* const field = form == nullptr ? nullptr : form->field("section2", "purposeForWhichDataWillBeUsed");
  for (auto const& chosen : member(project, "purposeForWhichDataWillBeUsed")) {
    auto text = "(" + choice_key(chosen) + ")";
    for (auto const& choice : field == nullptr ? std::vector<form_choice>{} : field->choices)
      if (choice.key == choice_key(chosen)) text += " " + choice.label.en;
    purposes.push_back(std::move(text));
  }
  return purposes;
}

// A legal person's name is public; a natural person's is not until the law says which may be.
std::string applicant_of(json const& applicant) {
  bool const legal = holds(member(applicant, "legalOrNaturalPerson"), "a");
  auto const name = text_of(applicant, "legalPersonFullName");
  return legal && !name.empty() ? name : "withheld";
}

std::string summary_of(json const& project) {
  if (holds(member(project, "theNatureOfTheProjectDoesNotLetYouProvideASummary"), "a"))
    return "withheld: the nature of the project does not allow a summary";
  return text_of(project, "summaryOfTheProject");
}

json public_part(case_state const& state, std::string_view metadata_json) {
  json body = json::object();
  auto const metadata = read_application_metadata(metadata_json);
  if (!metadata) return body;
  auto const form = read_json(metadata->form_json, {});
  if (!form) return body;
  auto const& project = member(*form, "section2");
  body["applicant"] = applicant_of(member(*form, "section3"));
  body["purposes"] = purposes_of(state, project);
  body["summary"] = summary_of(project);
  body["datasets"] = json::array();
  for (auto const& dataset : metadata->datasets)
    if (dataset.country == state.country) body["datasets"].push_back(dataset.title());
  return body;
}

json decision_part(case_state const& state) {
  json part = json::object();
  if (!state.decision) return part;
  part["decision"] = to_text(state.decision->outcome);
  part["decided"] = to_rfc3339(state.decision->at);
  part["grounds"] = write_grounds(state.decision->grounds);
  return part;
}

json permit_part(case_state const& state) {
  if (!state.permit) return json::object();
  return {{"permit_id", state.permit->id},
          {"permit_status", to_code(state.permit->status)},
          {"valid_to", state.permit->terms.valid_to}};
}

json entry_json(store::row const& row) {
  json entry = {{"case_id", row.text(0)},
                {"application_id", row.text(1)},
                {"authority", row.text(2)},
                {"type", row.text(3)},
                {"title", row.text(4)},
                {"status", row.text(5)},
                {"received", to_rfc3339(row.time(6))},
                {"updated", to_rfc3339(row.time(7))}};
  for (auto const column : {8U, 9U, 10U})
    if (auto const part = read_json(row.text(column), {})) entry.update(*part);
  return entry;
}

register_entry read_entry(store::row const& row) {
  auto const node = entry_json(row);
  register_entry entry{.case_id = row.text(0),
                       .application_id = row.text(1),
                       .authority = row.text(2),
                       .type = row.text(3),
                       .title = row.text(4),
                       .applicant = text_of(node, "applicant"),
                       .purposes = text_list(node, "purposes"),
                       .summary = text_of(node, "summary"),
                       .datasets = text_list(node, "datasets"),
                       .status = row.text(5),
                       .decision = text_of(node, "decision"),
                       .grounds = read_grounds(member(node, "grounds")),
                       .permit_id = text_of(node, "permit_id"),
                       .permit_status = text_of(node, "permit_status"),
                       .valid_to = text_of(node, "valid_to"),
                       .received = row.time(6),
                       .decided = {},
                       .updated = row.time(7)};
  if (auto const at = parse_rfc3339(text_of(node, "decided"))) entry.decided = *at;
  return entry;
}

std::vector<store::row> newest(store::reading& now, std::size_t limit) {
  return now.rows(
      "SELECT case_id, application_id, authority, type, title, status, received, updated, application, decision, permit"
      " FROM access_register ORDER BY updated DESC, case_id LIMIT ?",
      limit);
}

}  // namespace

std::vector<store::migration> public_register::migrations() {
  return {{"access_register", 1,
           "CREATE TABLE access_register (case_id TEXT PRIMARY KEY, application_id TEXT NOT NULL,"
           " authority TEXT NOT NULL, type TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,"
           " received INTEGER NOT NULL, updated INTEGER NOT NULL, application TEXT NOT NULL,"
           " decision TEXT NOT NULL DEFAULT '{}', permit TEXT NOT NULL DEFAULT '{}');"
           "CREATE INDEX access_register_updated ON access_register (updated)"}};
}

void public_register::publish(store::transaction& tx, case_state const& state, std::string_view metadata_json,
                              instant now) {
  tx.run(
      "INSERT INTO access_register (case_id, application_id, authority, type, title, status, received, updated,"
      " application) VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (case_id) DO UPDATE SET title = excluded.title,"
      " status = excluded.status, updated = excluded.updated, application = excluded.application",
      state.case_id, state.application_id, state.authority, to_code(state.type), state.title, to_code(state.status),
      state.opened, now, to_line(public_part(state, metadata_json)));
}

void public_register::update(store::transaction& tx, case_state const& state, instant now) {
  tx.run("UPDATE access_register SET status = ?, updated = ?, decision = ?, permit = ? WHERE case_id = ?",
         to_code(state.status), now, to_line(decision_part(state)), to_line(permit_part(state)), state.case_id);
}

std::vector<register_entry> public_register::entries(std::size_t limit) const {
  return db_.read([&](store::reading& now) {
    std::vector<register_entry> all;
    for (auto const& row : newest(now, limit)) all.push_back(read_entry(row));
    return all;
  });
}

std::optional<register_entry> public_register::find(std::string_view case_id) const {
  return db_.read([&](store::reading& now) -> std::optional<register_entry> {
    auto const row = now.first(
        "SELECT case_id, application_id, authority, type, title, status, received, updated, application, decision,"
        " permit FROM access_register WHERE case_id = ?",
        case_id);
    if (!row) return std::nullopt;
    return read_entry(*row);
  });
}

std::string public_register::to_json_feed(std::size_t limit) const {
  json entries = json::array();
  db_.read([&](store::reading& now) {
    for (auto const& row : newest(now, limit)) entries.push_back(entry_json(row));
    return 0;
  });
  return to_line(json{{"entries", std::move(entries)}});
}

}  // namespace ehds::node::access
