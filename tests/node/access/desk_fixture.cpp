#include "node/access/desk_fixture.hpp"

#include "base/ids.hpp"
#include "node/access/archive/application_archive.hpp"

#include <catch2/catch.hpp>

namespace access_samples {

using namespace ehds;
using namespace ehds::node::access;

std::filesystem::path fresh_folder() {
  auto const folder = std::filesystem::temp_directory_path() / ("ehds-access-" + random_uuid());
  std::filesystem::create_directories(folder);
  return folder;
}

std::string plan_zip() { return pack_attachments({{{"f1", "plan.pdf", 5}, "%PDF-"}}); }

// An effect may run twice; what it posted the first time is forgotten with it in the real house. Here effects run once.
access_ports recording_ports(std::vector<outgoing_business_message>& posted, std::vector<audit_note>& audited) {
  return {.post =
              [&posted](node::store::transaction&, outgoing_business_message const& message) {
                posted.push_back(message);
                return result<void>{};
              },
          .audit =
              [&audited](node::store::transaction&, audit_note const& note) {
                audited.push_back(note);
                return result<void>{};
              },
          .sign = [](std::string_view payload, std::string_view type) -> result<std::string> {
            return std::string{type} + "." + std::string{payload};
          }};
}

desk_settings desk_fixture::french() {
  return {.country = "FR",
          .authorities = {{"FR-HDAB", "FR authority"}},
          .centre = "EU",
          .specification = "v0.5",
          .issue_on_acceptance = true};
}

desk_fixture::desk_fixture(desk_settings settings)
    : folder(fresh_folder()),
      time(parse_rfc3339("2026-11-24T09:00:00Z").value()),
      db(node::store::database::open(folder / "node.sqlite", {.migrations = case_desk::migrations()}).value()),
      desk(db, time, std::move(settings), recording_ports(posted, audited)) {}

desk_fixture::~desk_fixture() {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

problems desk_fixture::take(std::string const& action, std::string const& content, std::string const& message_id,
                            std::string const& zip) {
  problems found;
  auto const done = db.commit([&](node::store::transaction& tx) -> result<void> {
    auto taken = desk.receive(tx, {.message_id = message_id,
                                   .action = action,
                                   .from_nation = "EU",
                                   .original_message_id = "",
                                   .content_json = content,
                                   .attachments_zip = zip,
                                   .received_at = time.now()});
    if (!taken) return std::move(taken).error();
    found = std::move(*taken);
    return {};
  });
  if (!done) found.push_back(done.error());
  return found;
}

problems desk_fixture::arrive(application_document const& application, std::string const& message_id) {
  case_id = application.application_id + ".FR-HDAB";
  bool const access = application.type == application_type::data_access;
  return take(access ? "dataAccessApplication" : "dataRequestApplication", write_application_metadata(application),
              message_id, application.attachments.empty() ? "" : plan_zip());
}

result<command_outcome> desk_fixture::act(case_verb verb, std::string const& role, case_particulars what) {
  return desk.execute({.id = "key-" + std::to_string(++keys_),
                       .case_id = case_id,
                       .verb = verb,
                       .by = {role + "-1", "Officer " + role, "Head of " + role, {role}},
                       .what = std::move(what)});
}

void desk_fixture::walk(std::vector<case_verb> const& verbs) {
  for (auto const verb : verbs) {
    auto const done = act(verb, role_for(verb), particulars_for(verb));
    INFO((done ? "" : ehds::to_text(done.error())));
    REQUIRE(done);
  }
}

std::string desk_fixture::posted_actions() const {
  std::string text;
  for (auto const& message : posted) text += (text.empty() ? "" : " ") + message.action;
  return text;
}

permit_terms terms() {
  permit_terms all;
  all.datasets = {"dataset-FR"};
  all.data_format = "anonymised";
  all.purpose = "Seasonality of heart failure";
  all.persons = {"researcher-1"};
  all.principal_investigator = "researcher-1";
  all.valid_from = "2027-01-01";
  all.valid_to = "2028-12-31";
  all.environment = "The national platform";
  all.fees = "1200 EUR";
  all.conditions = {"Results are published within 18 months."};
  all.opt_out_snapshot = "2026-11-24";
  return all;
}

case_particulars granting() {
  case_particulars what;
  what.outcome = decision_outcome::granted;
  what.terms = terms();
  return what;
}

case_particulars refusing() {
  case_particulars what;
  what.outcome = decision_outcome::refused;
  what.grounds = {{"68(1)(b)", "More persons are asked for than the purpose needs."}};
  return what;
}

case_particulars saying(std::string const& text) {
  case_particulars what;
  what.text = text;
  return what;
}

case_particulars particulars_for(case_verb verb) {
  auto what = saying("as the law asks");
  switch (verb) {
    case case_verb::ask_information:
      what.questions = {{"section6", "inclusionCriteria", "Which codes?", "FR"}};
      return what;
    case case_verb::propose_decision:
      return granting();
    case case_verb::set_track:
      what.track = "accelerated";
      return what;
    case case_verb::revoke:
      what.grounds = {{"63(3)", "Data left the environment."}};
      return what;
    case case_verb::record_answer:
      what.answer_id = "answer-1";
      return what;
    default:
      return what;
  }
}

std::string role_for(case_verb verb) {
  switch (verb) {
    case case_verb::start_pre_screening:
    case case_verb::ask_information:
    case case_verb::mark_complete:
    case case_verb::publish:
      return "screener";
    case case_verb::set_track:
    case case_verb::extend:
    case case_verb::propose_decision:
      return "assessor";
    case case_verb::receive:
    case case_verb::receive_information:
    case case_verb::accept:
    case case_verb::reject:
    case case_verb::appeal:
    case case_verb::withdraw:
    case case_verb::request_amendment:
    case case_verb::request_renewal:
    case case_verb::appeal_revocation:
      return "applicant";
    case case_verb::lapse:
    case case_verb::expire:
      return "clock";
    case case_verb::record_answer:
      return "data_preparer";
    case case_verb::decide:
    case case_verb::approve_appeal:
    case case_verb::reject_appeal:
    case case_verb::reopen:
    case case_verb::issue_permit:
    case case_verb::amend:
    case case_verb::refuse_amendment:
    case case_verb::renew:
    case case_verb::refuse_renewal:
    case case_verb::revoke:
    case case_verb::approve_revocation_appeal:
    case case_verb::reject_revocation_appeal:
      return "decider";
  }
  return "";
}

}  // namespace access_samples
