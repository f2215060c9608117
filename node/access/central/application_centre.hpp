#pragma once
// The single application, kept at the centre: drafts, submission, one message for each country concerned, a status
// for each authority, never folded into one.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/access/access_ports.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/access/central/centre_views.hpp"
#include "node/access/forms/form_release.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access {

class application_centre {
 public:
  application_centre(store::database& db, clock const& time, access_ports ports);

  static std::vector<store::migration> migrations();

  // Drafts. `owner` is the account id; another's draft is access.draft.unknown, as if it were not there.
  // The same key begins one draft; without a key each call begins another.
  result<std::string> create_draft(std::string_view owner, application_type type, std::string_view key = {});
  // section: "section2"; answers: its JSON object (section6: an array, one object a country). Only types and limits
  // are checked, so that half an answer can be kept. Problems: access.draft.unknown, .section; access.json.*; and when
  // `expected_version` is given and somebody saved in between, access.draft.version.
  result<std::int64_t> save_section(std::string_view draft_id, std::string_view owner, std::string_view section,
                                    std::string_view answers_json, std::optional<std::int64_t> expected_version = {});
  result<void> set_datasets(std::string_view draft_id, std::string_view owner, std::vector<dataset_reference> datasets);
  // Returns the attachment {id, name, size} as the form names it. Problems: access.file.type, .size, .name.
  result<attachment> put_file(std::string_view draft_id, std::string_view owner, std::string_view name,
                              std::string_view bytes);
  result<void> remove_file(std::string_view draft_id, std::string_view owner, std::string_view attachment_id);
  result<void> discard_draft(std::string_view draft_id, std::string_view owner);  // with its files, for good
  std::optional<draft_page> find_draft(std::string_view draft_id, std::string_view owner) const;
  std::vector<draft_line> drafts(std::string_view owner) const;
  // Everything that stands in the way of submission, all at once.
  result<problems> check_draft(std::string_view draft_id, std::string_view owner) const;

  // Refuses with access.application.incomplete when check_draft() finds anything. The same key submits once.
  result<std::string> submit(std::string_view draft_id, case_actor const& owner, std::string_view key);

  // A key that was used for something else is refused everywhere with access.command.reused.
  // The applicant's acts after submission; country and authority as the status vector names them.
  result<void> answer_questions(std::string_view application_id, case_actor const& owner, std::string_view country,
                                std::string_view sections_json, std::string_view key);
  result<void> respond(std::string_view application_id, case_actor const& owner, std::string_view country,
                       std::string_view response, std::string_view key);  // accept, reject, appeal
  result<void> withdraw(std::string_view application_id, case_actor const& owner, std::string_view key);

  // applicationAck, requestInfo, additionalInformationAck, statusUpdate, extension, decision, permitInfo. The list
  // holds what is wrong with the message; a problem means the world is broken.
  result<problems> receive(store::transaction& tx, incoming_business_message const& message);
  static bool takes(std::string_view action);
  // A country answered one of our messages about that application with "not valid": the applicant sees it.
  result<void> note_refusal(store::transaction& tx, std::string_view application_id, std::string_view nation,
                            std::string_view message_id, problems const& found);
  // One of our messages about that application was given up; the reason is one sentence.
  result<void> note_undelivered(store::transaction& tx, std::string_view application_id, std::string_view nation,
                                std::string_view message_id, std::string_view reason);

  std::vector<application_line> applications(std::string_view owner) const;
  std::optional<application_page> find(std::string_view application_id, std::string_view owner) const;
  std::optional<application_page> find(std::string_view application_id) const;  // for the centre's own staff

 private:
  store::database& db_;
  clock const& time_;
  access_ports ports_;
};

}  // namespace ehds::node::access
