#include "node/access/cases/case_arrival.hpp"

#include "node/access/archive/application_archive.hpp"
#include "node/access/cases/case_record.hpp"
#include "node/access/cases/case_tables.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace ehds::node::access {
namespace {

problem finding(std::string code, std::string detail, std::string where = {}) {
  return {"access.arrival." + std::move(code), std::move(detail), std::move(where),
          "Correct the message and send it under a new id."};
}

// The sections that changed replace those of the last copy; the rest stays as it was.
result<application_document> amended(std::string const& metadata_json, json const& content) {
  auto application = read_application_metadata(metadata_json);
  if (!application) return application;
  auto form = read_json(application->form_json, {});
  if (!form) return std::move(form).error();
  auto const& changed = member(content, "form");
  if (changed.is_object()) form->update(changed);
  application->form_json = to_line(*form);
  ++application->version;
  return application;
}

// Files that come with an answer replace the old ones; they must be a sound archive before they do.
problems check_new_files(std::string const& zip) {
  if (zip.empty()) return {};
  auto const entries = read_zip(zip);
  return entries ? problems{} : problems{entries.error()};
}

}  // namespace

case_arrival::case_arrival(case_desk& desk, store::transaction& tx, desk_settings const& settings,
                           access_ports const& ports, incoming_business_message const& message, instant now)
    : desk_(desk), tx_(tx), settings_(settings), ports_(ports), message_(message), now_(now) {}

// The applicant speaks through the centre; nobody else may speak for them. What is brought by hand carries our own
// name.
result<problems> case_arrival::take() {
  auto const& action = message_.action;
  if (message_.from_nation != settings_.centre && message_.from_nation != settings_.country)
    return problems{finding("sender", "Only the centre sends applications and what concerns them.", action)};
  if (action == "dataAccessApplication" || action == "dataRequestApplication") return application();
  if (action == "additionalInformation") return additional_information();
  if (action == "decisionResponse") return response();
  if (action == "withdrawal") return withdrawal();
  if (action == "statusUpdate") return foreign();
  return problems{finding("action", "The desk does not take this action.", action)};
}

result<problems> case_arrival::application() {
  auto const document = read_application_metadata(message_.content_json);
  if (!document) return problems{document.error()};
  auto const wanted =
      message_.action == "dataAccessApplication" ? application_type::data_access : application_type::data_request;
  if (document->type != wanted)
    return problems{finding("type", "The application is of another type than the action.", "/application_type")};
  auto const authorities = concerned(*document);
  if (authorities.empty())
    return problems{finding("not_ours", "No dataset of the application is of " + settings_.country + ".", "/datasets")};
  if (auto found = check_attachments(*document, message_.attachments_zip); !found.empty()) return found;
  if (!tables::newest_copy(tx_, document->application_id))
    tables::insert_copy(tx_, document->application_id, document->version, message_.content_json,
                        message_.attachments_zip, now_);
  for (auto const& at : authorities)
    if (auto opened = open_case(*document, at); !opened) return std::move(opened).error();
  return problems{};
}

std::vector<authority> case_arrival::concerned(application_document const& application) const {
  std::vector<authority> found;
  for (auto const& dataset : application.datasets) {
    if (dataset.country != settings_.country || settings_.authorities.empty()) continue;
    auto const named = [&](authority const& a) { return a.name == dataset.authority || a.id == dataset.authority; };
    auto at = std::ranges::find_if(settings_.authorities, named);
    if (at == settings_.authorities.end()) at = settings_.authorities.begin();
    if (std::ranges::find(found, at->id, &authority::id) == found.end()) found.push_back(*at);
  }
  return found;
}

result<void> case_arrival::open_case(application_document const& application, authority const& at) {
  auto const case_id = application.application_id + "." + at.id;
  if (!tables::events_of(tx_, case_id).empty()) return {};  // the same application once more
  case_record record{tx_, settings_, ports_, now_};
  case_state state;
  case_event event{.case_id = case_id,
                   .seq = 0,
                   .verb = case_verb::receive,
                   .at = now_,
                   .by = partner(message_.from_nation),
                   .command_id = message_.message_id,
                   .what = {}};
  event.what.application_id = application.application_id;
  event.what.authority = at.id;
  event.what.country = settings_.country;
  event.what.application_type = to_code(application.type);
  event.what.title = application.title;
  event.what.form_release = application.form_release;
  event.what.message_id = message_.message_id;
  event.what.status = to_code(case_status::submitted);
  if (auto done = record.add(state, event); !done) return done;
  event.verb = case_verb::publish;  // on reception, Art. 57(1)(j)(ii)
  event.by = the_clock();
  event.what = {};
  event.what.status = to_code(case_status::submitted);
  return record.add(state, event);
}

result<problems> case_arrival::additional_information() {
  auto const content = read_json(message_.content_json, {});
  if (!content) return problems{content.error()};
  auto const application_id = text_of(*content, "application_id");
  auto const copy = tables::newest_copy(tx_, application_id);
  if (!copy) return problems{finding("unknown", "There is no such application here.", "/application_id")};
  if (!anybody_waits(application_id, text_of(*content, "hdab")))
    return problems{finding("not_asked", "No case of the application waits for information.", "/application_id")};
  auto const document = amended(copy->metadata_json, *content);
  if (!document) return problems{document.error()};
  if (auto const files = check_new_files(message_.attachments_zip); !files.empty()) return files;
  auto const metadata = write_application_metadata(*document);
  auto const& zip = message_.attachments_zip.empty() ? copy->zip : message_.attachments_zip;
  tables::insert_copy(tx_, application_id, document->version, metadata, zip, now_);
  case_particulars what;
  what.answers_json = to_line(member(*content, "form"));
  return on_cases(application_id, text_of(*content, "hdab"), case_verb::receive_information, what);
}

bool case_arrival::anybody_waits(std::string_view application_id, std::string_view hdab) {
  for (auto const& line : tables::case_lines(tx_, {.status = "AWAITING_ADDITIONAL_INFORMATION",
                                                   .application = std::string{application_id},
                                                   .authority = std::string{hdab},
                                                   .limit = 1}))
    return line.application_id == application_id;
  return false;
}

result<problems> case_arrival::response() {
  auto const content = read_json(message_.content_json, {});
  if (!content) return problems{content.error()};
  auto const verb = case_verb_of(text_of(*content, "response"));
  if (verb != case_verb::accept && verb != case_verb::reject && verb != case_verb::appeal)
    return problems{finding("response", "The response is neither accept, reject nor appeal.", "/response")};
  case_particulars what;
  what.text = text_of(*content, "text");
  return on_cases(text_of(*content, "application_id"), text_of(*content, "hdab"), *verb, what);
}

result<problems> case_arrival::withdrawal() {
  auto const content = read_json(message_.content_json, {});
  if (!content) return problems{content.error()};
  return on_cases(text_of(*content, "application_id"), text_of(*content, "hdab"), case_verb::withdraw, {});
}

result<problems> case_arrival::foreign() {
  auto const content = read_json(message_.content_json, {});
  if (!content) return problems{content.error()};
  auto const application_id = text_of(*content, "application_id");
  // It may overtake the application itself; the desk shows it once the case is open.
  if (application_id.empty()) return problems{finding("unknown", "The application is not named.", "/application_id")};
  auto const at = parse_rfc3339(text_of(*content, "date"));
  tables::write_foreign(tx_, application_id,
                        {.country = text_of(*content, "country_id"),
                         .authority = text_of(*content, "hdab"),
                         .status = text_of(*content, "status"),
                         .at = at ? *at : now_,
                         .summary = text_of(*content, "summary"),
                         .sequence = number_of(*content, "sequence")});
  return problems{};
}

result<problems> case_arrival::on_cases(std::string_view application_id, std::string_view hdab, case_verb verb,
                                        case_particulars const& what) {
  problems refused;
  bool moved = false;
  for (auto const& case_id : tables::case_ids(tx_, application_id)) {
    if (!hdab.empty() && case_id != std::string{application_id} + "." + std::string{hdab}) continue;
    case_command command{.id = message_.message_id + "/" + case_id,
                         .case_id = case_id,
                         .verb = verb,
                         .by = partner(message_.from_nation),
                         .what = what};
    command.what.message_id = message_.message_id;
    auto done = desk_.execute(tx_, command);
    if (done) moved = true;
    if (!done && !done.error().code.starts_with("access.")) return std::move(done).error();
    if (!done) refused.push_back(std::move(done).error());
  }
  if (moved) return problems{};
  if (refused.empty()) refused.push_back(finding("unknown", "There is no such application here.", "/application_id"));
  return refused;
}

bool case_desk::takes(std::string_view action) {
  static constexpr std::array<std::string_view, 6> actions{
      "dataAccessApplication", "dataRequestApplication", "additionalInformation", "decisionResponse", "withdrawal",
      "statusUpdate"};
  return std::ranges::find(actions, action) != actions.end();
}

result<problems> case_desk::receive(store::transaction& tx, incoming_business_message const& message) {
  return case_arrival{*this, tx, settings_, ports_, message, time_.now()}.take();
}

result<problems> case_desk::bring(std::string_view zip) {
  auto const brought = read_brought(zip);
  if (!brought) return problems{brought.error()};
  auto const document = read_application_metadata(brought->metadata_json);
  if (!document) return problems{document.error()};
  bool const access = document->type == application_type::data_access;
  incoming_business_message const message{
      .message_id = "brought:" + document->application_id + ":" + std::to_string(document->version),
      .action = access ? "dataAccessApplication" : "dataRequestApplication",
      .from_nation = settings_.country,
      .original_message_id = "",
      .content_json = brought->metadata_json,
      .attachments_zip = brought->attachments_zip,
      .received_at = time_.now()};
  problems found;
  auto committed = db_.commit([&](store::transaction& tx) -> result<void> {
    auto taken = receive(tx, message);
    if (!taken) return std::move(taken).error();
    found = std::move(*taken);
    return {};
  });
  if (!committed) return std::move(committed).error();
  return found;
}

}  // namespace ehds::node::access
