#include "node/access/cases/case_json.hpp"
#include "node/access/cases/status.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/central/centre_tables.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace ehds::node::access {
namespace {

problem finding(std::string code, std::string detail, std::string where) {
  return {"access.arrival." + std::move(code), std::move(detail), std::move(where),
          "Correct the message and send it under a new id."};
}

std::string actor_word(std::string const& wire) {
  if (wire == "applicant") return "you";
  return wire == "nobody" ? "nobody" : "the authority";
}

// The cell of the vector that the message speaks of. An authority that was dispatched to under the name in the
// catalogue takes the name it gives itself.
authority_status cell_of(store::transaction& tx, std::string const& application_id, std::string const& country,
                         std::string const& hdab) {
  auto const cells = tables::vector_of(tx, application_id);
  auto const same = [&](authority_status const& cell) { return cell.country == country && cell.authority == hdab; };
  if (auto const found = std::ranges::find_if(cells, same); found != cells.end()) return *found;
  auto const silent = [&](authority_status const& cell) {
    return cell.country == country && cell.status == "DISPATCHED";
  };
  authority_status cell;
  if (auto const found = std::ranges::find_if(cells, silent); found != cells.end()) {
    cell = *found;
    tables::rename_authority(tx, application_id, country, cell.authority, hdab);
  }
  cell.country = country;
  cell.authority = hdab;
  return cell;
}

std::string what_happened(std::string const& action, json const& content, authority_status const& cell) {
  if (action == "applicationAck") return "The authority acknowledged the application";
  if (action == "requestInfo")
    return "The authority asks for information (" + std::to_string(cell.questions.size()) + ")";
  if (action == "additionalInformationAck") return "The authority received the answers";
  if (action == "extension") return "The authority extended its period: " + text_of(content, "justification");
  if (action == "decision") return "The authority decided: " + text_of(member(content, "card"), "outcome");
  if (action == "permitInfo") return "Permit " + cell.permit_id + " is " + cell.permit_status;
  return "The status is now " + cell.status;
}

// One word of an authority on its way into its cell. A dead letter that was sent again arrives after later words: the
// number of the case's event (sequence) tells. From who numbers nothing the last heard counts. The date is shown and
// decides nothing: one wrong clock would freeze the status.
class word {
 public:
  word(store::transaction& tx, std::string application_id, std::string action, json const& content)
      : tx_(tx), id_(std::move(application_id)), action_(std::move(action)), content_(content) {}

  // False when it changes nothing: later words about the same things were heard.
  bool take(authority_status& cell, instant at) const {
    bool const particulars = take_particulars(cell);
    bool const status = action_ != "permitInfo" && counts(cell, "status");
    if (status) take_status(cell, at);
    if (counts(cell, "turn")) cell.next_actor = actor_word(text_of(content_, "next_actor"));
    return particulars || status;
  }

 private:
  bool counts(authority_status const& cell, std::string_view about) const {
    auto const sequence = number_of(content_, "sequence");
    return sequence <= 0 || tables::is_newest_word(tx_, id_, cell, about, sequence);
  }

  void take_status(authority_status& cell, instant at) const {
    if (auto const status = text_of(content_, "status"); case_status_of(status)) cell.status = status;
    cell.since = at;
    auto const due = parse_date(text_of(content_, "due"));
    cell.due = due ? std::optional<date>{*due} : std::nullopt;
  }

  bool take_particulars(authority_status& cell) const {
    bool const asks = action_ == "requestInfo";
    if ((asks || action_ == "additionalInformationAck") && counts(cell, "questions")) {
      cell.questions = asks ? read_questions(member(content_, "sections")) : std::vector<field_question>{};
      return true;
    }
    if (action_ == "decision" && counts(cell, "decision")) {
      cell.decision = text_of(content_, "decision");
      cell.grounds = read_grounds(member(content_, "reasons"));
      return true;
    }
    if (action_ == "permitInfo" && counts(cell, "permit")) {
      cell.permit_id = text_of(content_, "permit_id");
      cell.permit_status = text_of(content_, "permit_status");
      return true;
    }
    return false;
  }

  store::transaction& tx_;
  std::string const id_;
  std::string const action_;
  json const& content_;
};

std::string summary_of(authority_status const& cell) {
  auto text = cell.decision;
  for (auto const& ground : cell.grounds) text += "; Art. " + ground.criterion + ": " + ground.text;
  return text;
}

// Art. 68(5): each authority learns what the others decided; only the centre can tell it.
result<void> relay(store::transaction& tx, access_ports const& ports, std::string const& application_id,
                   authority_status const& cell, std::int64_t sequence) {
  std::set<std::string> others;
  for (auto const& other : tables::vector_of(tx, application_id)) others.insert(other.country);
  others.erase(cell.country);
  json content = {{"application_id", application_id}, {"country_id", cell.country},
                  {"hdab", cell.authority},           {"status", cell.status},
                  {"date", to_rfc3339(cell.since)},   {"summary", summary_of(cell)}};
  if (sequence > 0) content["sequence"] = sequence;
  for (auto const& nation : others)
    if (auto posted = ports.post(tx, {.to_nation = nation,
                                      .action = "statusUpdate",
                                      .application_id = application_id,
                                      .in_reply_to = "",
                                      .content_json = to_line(content),
                                      .attachments_zip = ""});
        !posted)
      return posted;
  return {};
}

}  // namespace

bool application_centre::takes(std::string_view action) {
  static constexpr std::array<std::string_view, 7> actions{"applicationAck", "requestInfo", "additionalInformationAck",
                                                           "statusUpdate",   "extension",   "decision",
                                                           "permitInfo"};
  return std::ranges::find(actions, action) != actions.end();
}

result<problems> application_centre::receive(store::transaction& tx, incoming_business_message const& message) {
  auto const content = read_json(message.content_json, {});
  if (!content) return problems{content.error()};
  auto const id = text_of(*content, "application_id");
  auto const hdab = text_of(*content, "hdab");
  auto const cells = tables::vector_of(tx, id);
  auto const of_sender = [&](authority_status const& cell) { return cell.country == message.from_nation; };
  if (std::ranges::none_of(cells, of_sender))
    return problems{finding("unknown", "No application of that id concerns the sender.", "/application_id")};
  if (hdab.empty() || !takes(message.action))
    return problems{finding("shape", "The authority is not named, or the action is unknown.", "/hdab")};
  auto cell = cell_of(tx, id, message.from_nation, hdab);
  auto const before = cell.status;
  auto const dated = parse_rfc3339(text_of(*content, "date"));
  auto const at = dated ? *dated : time_.now();
  bool const counts = word(tx, id, message.action, *content).take(cell, at);
  tables::write_status(tx, id, cell);
  tables::insert_line(tx, id,
                      {at, message.from_nation,
                       counts ? what_happened(message.action, *content, cell)
                              : "A message (" + message.action + ") came late: what the authority said since stands",
                       message.message_id});
  bool const news = cell.status != before && cell.status != to_code(case_status::submitted);
  if (news)
    if (auto told = relay(tx, ports_, id, cell, number_of(*content, "sequence")); !told) return std::move(told).error();
  if (auto noted = ports_.audit(
          tx, {time_.now(), "partner:" + message.from_nation, "access.centre." + message.action, id, cell.status});
      !noted)
    return std::move(noted).error();
  return problems{};
}

result<void> application_centre::note_refusal(store::transaction& tx, std::string_view application_id,
                                              std::string_view nation, std::string_view message_id,
                                              problems const& found) {
  if (!tables::application_of(tx, application_id)) return {};
  auto what = std::string{"The national node refused a message"};
  for (auto const& finding : found) what += "; " + finding.detail;
  tables::insert_line(tx, application_id, {time_.now(), std::string{nation}, what, std::string{message_id}});
  return ports_.audit(tx, {time_.now(), "partner:" + std::string{nation}, "access.centre.refused",
                           std::string{application_id}, std::to_string(found.size()) + " findings"});
}

result<void> application_centre::note_undelivered(store::transaction& tx, std::string_view application_id,
                                                  std::string_view nation, std::string_view message_id,
                                                  std::string_view reason) {
  if (!tables::application_of(tx, application_id)) return {};
  tables::insert_line(tx, application_id,
                      {time_.now(), std::string{nation},
                       "A message did not reach the national node; " + std::string{reason}, std::string{message_id}});
  return ports_.audit(tx,
                      {time_.now(), "node", "access.centre.undelivered", std::string{application_id}, "undelivered"});
}

}  // namespace ehds::node::access
