// The officers' desk: cases, and what is done with them.
#include "base/ids.hpp"
#include "node/access/archive/application_archive.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/api/case_words.hpp"
#include "node/pages/desk/case_view.hpp"
#include "node/pages/desk/command_form.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

constexpr std::initializer_list<role> desk_roles{role::screener,      role::assessor, role::decider,
                                                 role::data_preparer, role::auditor,  role::operator_};
constexpr std::initializer_list<role> officer_roles{role::screener, role::assessor, role::decider, role::data_preparer};

problem no_case(visit const& who) { return {"access.case.unknown", who.say("no_case"), {}, {}}; }

http::response list(visit& who) {
  access::case_filter filter;
  filter.status = who.asked.query_value("status");
  filter.application = who.asked.query_value("application");
  auto const statuses = value::list(
      std::vector<std::string>{"SUBMITTED", "PRE_SCREENING", "PROCESSING", "AWAITING_ADDITIONAL_INFORMATION",
                               "POSITIVE_DECISION_ISSUED", "NEGATIVE_DECISION_ISSUED", "POSITIVE_DECISION_ACCEPTED"},
      [&](std::string const& code) {
        return value::object(
            {{"key", code}, {"text", who.texts().of_code("status", code)}, {"selected", value(code == filter.status)}});
      });
  auto const cases =
      value::list(who.house.desk->cases(filter), [&](auto const& line) { return case_line_view(who, line); });
  return who.page("desk", who.say("nav_desk"), value::object({{"cases", cases}, {"statuses", statuses}}));
}

std::optional<access::application_document> application_of(visit const& who, std::string const& id) {
  auto const metadata = who.house.desk->application_metadata(id);
  if (!metadata) return std::nullopt;
  auto document = access::read_application_metadata(*metadata);
  if (!document) return std::nullopt;
  return std::move(*document);
}

http::response show(visit& who) {
  auto const page = who.house.desk->find(who.asked.parameter("case"));
  if (!page) return who.refuse(no_case(who));
  return who.page("case", page->line.title, case_view(who, *page, application_of(who, page->line.application_id)));
}

// The whole application in the shape in which a desk takes one: metadata beside the ZIP of the attachments.
http::response files(visit& who) {
  auto const& desk = *who.house.desk;
  auto const page = desk.find(who.asked.parameter("case"));
  auto const metadata = page ? desk.application_metadata(page->line.application_id) : std::nullopt;
  if (!metadata) return who.refuse(no_case(who));
  auto zip = access::write_brought({*metadata, desk.attachments_zip(page->line.application_id).value_or("")});
  auto answer = http::bytes(std::move(zip), "application/zip");
  answer.headers.set("Content-Disposition", "attachment; filename=\"application.zip\"");
  return visit::with_policy(std::move(answer));
}

http::response execute(visit& who, http::form const& form) {
  auto const verb = access::case_verb_of(form.fields.value("verb"));
  if (!verb) return who.refuse({"access.case.verb", who.say("no_verb"), {}, {}});
  std::string const id(who.asked.parameter("case"));
  // The same form posted twice is one command: its key comes with it.
  auto const given = form.fields.value("key");
  auto const key = given.empty() ? random_uuid() : std::string(given.substr(0, 100));
  access::case_command const command{key + ":" + std::string(access::to_text(*verb)), id, *verb,
                                     api::as_case_actor(*who.who()), read_command_form(form)};
  auto const done = who.house.desk->execute(command);
  if (!done) return who.refuse(done.error());
  who.house.nudge();
  return who.go("/desk/cases/" + http::percent_encode(id));
}

}  // namespace

std::vector<http::route> desk_pages(api::rooms& house) {
  return {page_for(house, "/desk", desk_roles, list), page_for(house, "/desk/cases/{case}", desk_roles, show),
          page_for(house, "/desk/cases/{case}/attachments", desk_roles, files),
          form_for(house, "/desk/cases/{case}/commands", officer_roles, execute)};
}

}  // namespace ehds::node::pages
