#include "node/access/cases/status.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/central/centre_tables.hpp"
#include "node/access/central/drafts.hpp"
#include "node/access/forms/form_check.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace ehds::node::access {
namespace {

problem refused(std::string code, std::string detail, std::string where) {
  return {"access.application." + std::move(code), std::move(detail), std::move(where),
          "Look at the status of the application."};
}

// What an applicant does after submission: once a key, in one effect, on an application of one's own.
class applicant_act {
 public:
  applicant_act(store::transaction& tx, access_ports const& ports, instant now, case_actor const& owner)
      : tx_(tx), ports_(ports), now_(now), owner_(owner) {}

  result<void> once(std::string_view application_id, tables::command_key const& key,
                    std::function<result<void>(tables::stored_application const&)> const& act) {
    auto const application = tables::application_of(tx_, application_id);
    if (!application || application->owner != owner_.id)
      return refused("unknown", "There is no such application.", "/application");
    auto const before = tables::answer_under(tx_, key);
    if (!before) return before.error();
    if (*before) return {};
    if (auto done = act(*application); !done) return done;
    tables::insert_key(tx_, key, application_id);
    return {};
  }

  result<void> post(std::string_view application_id, std::string const& country, char const* action, json content) {
    content["application_id"] = application_id;
    content["date"] = to_rfc3339(now_);
    return ports_.post(tx_, {.to_nation = country,
                             .action = action,
                             .application_id = std::string{application_id},
                             .in_reply_to = "",
                             .content_json = to_line(content),
                             .attachments_zip = ""});
  }

  result<void> note(std::string_view application_id, std::string const& country, std::string const& what,
                    char const* action) {
    tables::insert_line(tx_, application_id, {now_, country, what, ""});
    return ports_.audit(tx_, {now_, owner_.id, action, std::string{application_id}, country});
  }

  // The ball is in the authority's field until it says otherwise.
  void hand_on(std::string_view application_id, authority_status status) {
    status.next_actor = "the authority";
    status.questions.clear();
    tables::write_status(tx_, application_id, status);
  }

 private:
  store::transaction& tx_;
  access_ports const& ports_;
  instant now_;
  case_actor const& owner_;
};

// Only the sections that were changed, each whole, so that the receiver need not merge countries.
json changed_sections(std::string_view form_json, json const& changed) {
  auto const form = read_json(form_json, {});
  json sections = json::object();
  for (auto const& [key, ignored] : changed.items()) sections[key] = member(*form, key);
  return sections;
}

problems check_changed(application_document const& document, json const& sections) {
  auto const* const form = shipped_form(document.form_release, document.type);
  problems found;
  for (auto const& [key, section] : sections.items())
    if (form != nullptr)
      for (auto& finding : check_section(*form, key, to_line(section))) found.push_back(std::move(finding));
  return found;
}

}  // namespace

result<void> application_centre::answer_questions(std::string_view application_id, case_actor const& owner,
                                                  std::string_view country, std::string_view sections_json,
                                                  std::string_view key) {
  auto const now = time_.now();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    applicant_act act{tx, ports_, now, owner};
    auto const own_key = tables::key_for("answer", owner.id, key, {application_id, country, sections_json});
    return act.once(application_id, own_key, [&](tables::stored_application const& application) -> result<void> {
      auto document = read_application_metadata(application.metadata_json);
      if (!document) return document.error();
      auto form = merged_form(document->form_json, sections_json);
      if (!form) return form.error();
      auto const sections = changed_sections(*form, *read_json(sections_json, {}));
      if (auto const found = check_changed(*document, sections); !found.empty()) return found.front();
      bool asked = false;
      for (auto const& status : tables::vector_of(tx, application_id)) {
        if (status.country != country || status.status != "AWAITING_ADDITIONAL_INFORMATION") continue;
        asked = true;
        act.hand_on(application_id, status);
      }
      if (!asked) return refused("not_asked", "That country has not asked for information.", std::string{country});
      document->form_json = *form;
      ++document->version;
      tables::write_metadata(tx, application_id, write_application_metadata(*document));
      if (auto sent = act.post(application_id, std::string{country}, "additionalInformation", {{"form", sections}});
          !sent)
        return sent;
      return act.note(application_id, std::string{country}, "The questions were answered", "access.centre.answer");
    });
  });
}

result<void> application_centre::respond(std::string_view application_id, case_actor const& owner,
                                         std::string_view country, std::string_view response, std::string_view key) {
  auto const now = time_.now();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    applicant_act act{tx, ports_, now, owner};
    auto const own_key = tables::key_for("respond", owner.id, key, {application_id, country, response});
    return act.once(application_id, own_key, [&](tables::stored_application const&) -> result<void> {
      bool const known = response == "accept" || response == "reject" || response == "appeal";
      bool decided = false;
      for (auto const& status : tables::vector_of(tx, application_id)) {
        bool const positive = status.status == "POSITIVE_DECISION_ISSUED";
        bool const negative = status.status == "NEGATIVE_DECISION_ISSUED";
        if (status.country != country || (!positive && !negative)) continue;
        if (!known || (response == "reject" && negative) || (response == "appeal" && positive))
          return refused("response", "That is no answer to this decision.", std::string{response});
        decided = true;
        act.hand_on(application_id, status);
        json const content = {{"response", response}, {"hdab", status.authority}};
        if (auto sent = act.post(application_id, status.country, "decisionResponse", content); !sent) return sent;
      }
      if (!decided)
        return refused("not_decided", "No decision of that country waits for an answer.", std::string{country});
      return act.note(application_id, std::string{country}, "The decision was answered: " + std::string{response},
                      "access.centre.respond");
    });
  });
}

result<void> application_centre::withdraw(std::string_view application_id, case_actor const& owner,
                                          std::string_view key) {
  auto const now = time_.now();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    applicant_act act{tx, ports_, now, owner};
    auto const own_key = tables::key_for("withdraw", owner.id, key, {application_id});
    return act.once(application_id, own_key, [&](tables::stored_application const&) -> result<void> {
      bool open = false;
      for (auto const& status : tables::vector_of(tx, application_id)) {
        auto const code = case_status_of(status.status);
        if (code && is_final(*code)) continue;
        open = true;
        act.hand_on(application_id, status);
        json const content = {{"hdab", code ? status.authority : std::string{}}};
        if (auto sent = act.post(application_id, status.country, "withdrawal", content); !sent) return sent;
      }
      if (!open) return refused("final", "Nothing is open any more.", "/application");
      return act.note(application_id, "", "The applicant withdrew", "access.centre.withdraw");
    });
  });
}

}  // namespace ehds::node::access
