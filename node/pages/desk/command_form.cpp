#include "node/pages/desk/command_form.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "base/time.hpp"
#include "node/access/calendar/periods.hpp"
#include "node/access/forms/form_release.hpp"

namespace ehds::node::pages {
namespace {

using access::case_verb;

constexpr int question_rows = 3;
constexpr int ground_rows = 2;

// Which inputs a deed needs besides a remark.
struct deed {
  case_verb verb;
  bool text_needed = false;
  bool questions = false;
  bool decision = false;  // outcome and grounds
  bool terms = false;
  bool track = false;
  bool answer = false;
};

constexpr std::array<deed, 20> deeds{{
    {.verb = case_verb::start_pre_screening},
    {.verb = case_verb::ask_information, .questions = true},
    {.verb = case_verb::mark_complete},
    {.verb = case_verb::set_track, .text_needed = true, .track = true},
    {.verb = case_verb::extend, .text_needed = true},
    {.verb = case_verb::propose_decision, .decision = true, .terms = true},
    {.verb = case_verb::decide},
    {.verb = case_verb::approve_appeal, .text_needed = true},
    {.verb = case_verb::reject_appeal, .text_needed = true},
    {.verb = case_verb::reopen},
    {.verb = case_verb::issue_permit},
    {.verb = case_verb::record_answer, .answer = true},
    {.verb = case_verb::amend},
    {.verb = case_verb::refuse_amendment, .text_needed = true},
    {.verb = case_verb::renew},
    {.verb = case_verb::refuse_renewal, .text_needed = true},
    {.verb = case_verb::revoke, .decision = true},
    {.verb = case_verb::approve_revocation_appeal, .text_needed = true},
    {.verb = case_verb::reject_revocation_appeal, .text_needed = true},
    {.verb = case_verb::publish},
}};

bool takes_a_proposal(case_verb verb) {
  return verb == case_verb::decide || verb == case_verb::amend || verb == case_verb::renew;
}

access::permit_terms const* terms_so_far(access::case_state const& state) {
  if (state.permit) return &state.permit->terms;
  if (state.decision && state.decision->terms) return &*state.decision->terms;
  if (state.proposal && state.proposal->terms) return &*state.proposal->terms;
  return nullptr;
}

std::string joined(std::vector<std::string> const& lines) {
  std::string text;
  for (auto const& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

// The terms to begin with: those of the case, else what the application asks for.
access::permit_terms terms_to_begin_with(visit const& who, access::case_page const& page,
                                         std::optional<access::application_document> const& application) {
  if (auto const* const known = terms_so_far(page.state)) return *known;
  access::permit_terms terms;
  auto const today = date_of(who.house.wall->now());
  terms.valid_from = to_text(today);
  terms.valid_to = to_text(access::add_months(today, 24));
  terms.opt_out_snapshot = to_text(today);
  terms.purpose = page.line.title;
  bool const is_request = page.state.type == access::application_type::data_request;
  terms.data_format = is_request ? "statistics" : "pseudonymised";
  if (!application) return terms;
  for (auto const& dataset : application->datasets)
    if (dataset.country == page.state.country) terms.datasets.push_back(dataset.id);
  if (!application->applicant.empty()) terms.persons = {application->applicant};
  terms.principal_investigator = application->applicant;
  return terms;
}

value terms_view(visit const& who, access::case_page const& page,
                 std::optional<access::application_document> const& application) {
  auto const terms = terms_to_begin_with(who, page, application);
  std::string queries;
  for (auto const& one : terms.queries) queries += one.dataset + " " + one.query_hash + "\n";
  return value::object({{"datasets", joined(terms.datasets)},
                        {"data_format", terms.data_format},
                        {"purpose", terms.purpose},
                        {"persons", joined(terms.persons)},
                        {"principal_investigator", terms.principal_investigator},
                        {"valid_from", terms.valid_from},
                        {"valid_to", terms.valid_to},
                        {"environment", terms.environment},
                        {"fees", terms.fees},
                        {"conditions", joined(terms.conditions)},
                        {"opt_out_exception", terms.opt_out_exception},
                        {"opt_out_snapshot", terms.opt_out_snapshot},
                        {"is_request", value(page.state.type == access::application_type::data_request)},
                        {"protocol", terms.protocol},
                        {"queries", queries},
                        {"disclosure_policy", terms.disclosure_policy}});
}

value form_places(visit const& who, access::case_page const& page) {
  std::vector<value> places;
  auto const* const form = access::shipped_form(page.state.form_release, page.state.type);
  if (form != nullptr)
    for (auto const& section : form->sections)
      for (auto const& field : section.fields)
        places.push_back(
            value::object({{"key", section.key + "/" + field.key},
                           {"text", std::to_string(section.number) + ". " + field.label.in(who.language())}}));
  return value::list(std::move(places));
}

value rows(int count) {
  std::vector<value> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(value::object({{"row", value(i)}}));
  return value::list(std::move(numbers));
}

value outcomes(visit const& who) {
  return value::list(std::vector<std::string>{"granted", "partial", "refused"}, [&](std::string const& one) {
    return value::object({{"key", one}, {"text", who.texts().of_code("outcome", one)}});
  });
}

value tracks(visit const& who) {
  return value::list(std::vector<std::string>{"standard", "accelerated", "trusted_holder"},
                     [&](std::string const& one) {
                       return value::object({{"key", one}, {"text", who.texts().of_code("track", one)}});
                     });
}

std::vector<std::string> lines_in(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream read{std::string(text)};
  for (std::string line; std::getline(read, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

std::string named(std::string_view name, int row) { return std::string(name) + "." + std::to_string(row); }

access::permit_terms read_terms(http::fields const& given) {
  auto const text = [&](std::string_view name) { return std::string(given.value(name)); };
  access::permit_terms terms;
  terms.datasets = lines_in(given.value("datasets"));
  terms.data_format = text("data_format");
  terms.purpose = text("purpose");
  terms.persons = lines_in(given.value("persons"));
  terms.principal_investigator = text("principal_investigator");
  terms.valid_from = text("valid_from");
  terms.valid_to = text("valid_to");
  terms.environment = text("environment");
  terms.fees = text("fees");
  terms.conditions = lines_in(given.value("conditions"));
  terms.opt_out_exception = text("opt_out_exception");
  terms.opt_out_snapshot = text("opt_out_snapshot");
  terms.protocol = text("protocol");
  terms.disclosure_policy = text("disclosure_policy");
  for (auto const& line : lines_in(given.value("queries"))) {
    auto const blank = line.find(' ');
    if (blank != std::string::npos) terms.queries.push_back({line.substr(0, blank), line.substr(blank + 1)});
  }
  return terms;
}

std::vector<access::field_question> read_questions(http::fields const& given) {
  std::vector<access::field_question> questions;
  for (int row = 0; row < question_rows; ++row) {
    std::string const place(given.value(named("field", row)));
    std::string const comment(given.value(named("comment", row)));
    auto const slash = place.find('/');
    if (slash == std::string::npos || comment.empty()) continue;
    auto const section = place.substr(0, slash);
    auto const country = section == "section6" ? std::string(given.value("country")) : std::string{};
    questions.push_back({section, place.substr(slash + 1), comment, country});
  }
  return questions;
}

}  // namespace

value command_forms(visit const& who, access::case_page const& page,
                    std::optional<access::application_document> const& application) {
  std::vector<value> forms;
  for (auto const& one : deeds) {
    auto const verb = std::string(access::to_text(one.verb));
    if (std::ranges::find(page.possible, verb) == page.possible.end()) continue;
    if (takes_a_proposal(one.verb) && !page.state.proposal) continue;
    auto form = value::object({{"verb", verb},
                               {"name", who.texts().of_code("verb", verb)},
                               {"explanation", who.texts().of_code("verb_help", verb)},
                               {"text_needed", value(one.text_needed)},
                               {"outcomes", one.decision && one.terms ? outcomes(who) : value::list({})},
                               {"ground_rows", one.decision ? rows(ground_rows) : value::list({})},
                               {"question_rows", one.questions ? rows(question_rows) : value::list({})},
                               {"places", one.questions ? form_places(who, page) : value::list({})},
                               {"tracks", one.track ? tracks(who) : value::list({})},
                               {"answer", value(one.answer)},
                               {"country", page.state.country},
                               {"terms", ""}});
    if (one.terms) form.set("terms", terms_view(who, page, application));
    forms.push_back(std::move(form));
  }
  return value::list(std::move(forms));
}

access::case_particulars read_command_form(http::form const& form) {
  auto const& given = form.fields;
  access::case_particulars what;
  what.text = given.value("text");
  what.track = given.value("track");
  what.answer_id = given.value("answer_id");
  what.outcome = access::decision_outcome_of(given.value("outcome"));
  what.questions = read_questions(given);
  for (int row = 0; row < ground_rows; ++row) {
    access::decision_ground ground{std::string(given.value(named("criterion", row))),
                                   std::string(given.value(named("ground", row)))};
    if (!ground.criterion.empty() || !ground.text.empty()) what.grounds.push_back(std::move(ground));
  }
  bool const refuses = what.outcome == access::decision_outcome::refused;
  if (given.has("valid_to") && !refuses) what.terms = read_terms(given);
  return what;
}

}  // namespace ehds::node::pages
