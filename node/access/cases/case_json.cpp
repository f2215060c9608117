#include "node/access/cases/case_json.hpp"

#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <utility>

namespace ehds::node::access {
namespace {

template <class Owner>
using text_member = std::pair<char const*, std::string Owner::*>;

constexpr std::array<text_member<case_particulars>, 14> particular_texts{
    {{"text", &case_particulars::text},
     {"answers", &case_particulars::answers_json},
     {"track", &case_particulars::track},
     {"due", &case_particulars::due},
     {"answer_id", &case_particulars::answer_id},
     {"application_id", &case_particulars::application_id},
     {"authority", &case_particulars::authority},
     {"country", &case_particulars::country},
     {"application_type", &case_particulars::application_type},
     {"title", &case_particulars::title},
     {"form_release", &case_particulars::form_release},
     {"message_id", &case_particulars::message_id},
     {"permit_id", &case_particulars::permit_id},
     {"status", &case_particulars::status}}};

constexpr std::array<text_member<permit_terms>, 11> term_texts{
    {{"data_format", &permit_terms::data_format},
     {"purpose", &permit_terms::purpose},
     {"opt_out_exception", &permit_terms::opt_out_exception},
     {"principal_investigator", &permit_terms::principal_investigator},
     {"valid_from", &permit_terms::valid_from},
     {"valid_to", &permit_terms::valid_to},
     {"environment", &permit_terms::environment},
     {"fees", &permit_terms::fees},
     {"opt_out_snapshot", &permit_terms::opt_out_snapshot},
     {"protocol", &permit_terms::protocol},
     {"disclosure_policy", &permit_terms::disclosure_policy}}};

void put(json& node, char const* key, std::string const& text) {
  if (!text.empty()) node[key] = text;
}

void put(json& node, char const* key, std::vector<std::string> const& list) {
  if (!list.empty()) node[key] = list;
}

// What a member must look like when it is there. One that cannot be read is never taken for one that is not there: a
// decision would be taken on what the reader did not see.
enum class shape { text, texts, outcome, grounds, questions, terms, queries };
using shapes = std::map<std::string, shape, std::less<>>;

problem unreadable_member(std::string where, std::string const& wanted) {
  return {"access.case.particulars", "A member of the particulars is not " + wanted + ".", where.substr(0, 100),
          "Correct the member, or leave it out."};
}

template <std::size_t size, class Owner>
shapes with_texts(std::array<text_member<Owner>, size> const& texts, shapes more) {
  for (auto const& [key, ignored] : texts) more.emplace(key, shape::text);
  return more;
}

shapes const& shapes_of_particulars() {
  static auto const all = with_texts(particular_texts, {{"permit_status", shape::text},
                                                        {"questions", shape::questions},
                                                        {"outcome", shape::outcome},
                                                        {"grounds", shape::grounds},
                                                        {"terms", shape::terms}});
  return all;
}

shapes const& shapes_of_terms() {
  static auto const all = with_texts(term_texts, {{"datasets", shape::texts},
                                                  {"persons", shape::texts},
                                                  {"conditions", shape::texts},
                                                  {"queries", shape::queries}});
  return all;
}

result<void> check_value(json const& value, shape wanted, std::string const& where);

result<void> check_object(json const& node, shapes const& known, std::string const& where) {
  if (!node.is_object()) return unreadable_member(where, "an object");
  for (auto const& [key, value] : node.items()) {
    auto const at = where + "/" + key;
    auto const found = known.find(key);
    if (found == known.end()) return unreadable_member(at, "known here");
    if (auto fine = check_value(value, found->second, at); !fine) return fine;
  }
  return {};
}

result<void> check_each(json const& list, shapes const* members, std::string const& where) {
  if (!list.is_array()) return unreadable_member(where, "a list");
  std::size_t place = 0;
  for (auto const& entry : list) {
    auto const at = where + "/" + std::to_string(place++);
    auto fine = members == nullptr ? check_value(entry, shape::text, at) : check_object(entry, *members, at);
    if (!fine) return fine;
  }
  return {};
}

result<void> check_value(json const& value, shape wanted, std::string const& where) {
  static shapes const ground{{"criterion", shape::text}, {"text", shape::text}};
  static shapes const question{
      {"section", shape::text}, {"field", shape::text}, {"comment", shape::text}, {"country", shape::text}};
  static shapes const query{{"dataset", shape::text}, {"query_hash", shape::text}};
  switch (wanted) {
    case shape::text:
      return value.is_string() ? result<void>{} : unreadable_member(where, "a text");
    case shape::texts:
      return check_each(value, nullptr, where);
    case shape::outcome:
      return value.is_string() && decision_outcome_of(value.get<std::string>())
                 ? result<void>{}
                 : unreadable_member(where, "granted, partial or refused");
    case shape::grounds:
      return check_each(value, &ground, where);
    case shape::questions:
      return check_each(value, &question, where);
    case shape::queries:
      return check_each(value, &query, where);
    case shape::terms:
      return check_object(value, shapes_of_terms(), where);
  }
  return {};
}

}  // namespace

json write_terms(permit_terms const& terms) {
  json node = json::object();
  put(node, "datasets", terms.datasets);
  for (auto const& [key, text] : term_texts) put(node, key, terms.*text);
  put(node, "persons", terms.persons);
  put(node, "conditions", terms.conditions);
  for (auto const& query : terms.queries)
    node["queries"].push_back({{"dataset", query.dataset}, {"query_hash", query.query_hash}});
  return node;
}

permit_terms read_terms(json const& node) {
  permit_terms terms;
  terms.datasets = text_list(node, "datasets");
  for (auto const& [key, text] : term_texts) terms.*text = text_of(node, key);
  terms.persons = text_list(node, "persons");
  terms.conditions = text_list(node, "conditions");
  if (auto const& queries = member(node, "queries"); queries.is_array())
    for (auto const& query : queries)
      terms.queries.push_back({text_of(query, "dataset"), text_of(query, "query_hash")});
  return terms;
}

json write_grounds(std::vector<decision_ground> const& grounds) {
  json nodes = json::array();
  for (auto const& ground : grounds) nodes.push_back({{"criterion", ground.criterion}, {"text", ground.text}});
  return nodes;
}

std::vector<decision_ground> read_grounds(json const& nodes) {
  std::vector<decision_ground> grounds;
  if (!nodes.is_array()) return grounds;
  for (auto const& node : nodes) grounds.push_back({text_of(node, "criterion"), text_of(node, "text")});
  return grounds;
}

json write_questions(std::vector<field_question> const& questions) {
  json nodes = json::array();
  for (auto const& [section, field, comment, country] : questions)
    nodes.push_back({{"section", section}, {"field", field}, {"comment", comment}, {"country", country}});
  return nodes;
}

std::vector<field_question> read_questions(json const& nodes) {
  std::vector<field_question> questions;
  if (!nodes.is_array()) return questions;
  for (auto const& node : nodes)
    questions.push_back(
        {text_of(node, "section"), text_of(node, "field"), text_of(node, "comment"), text_of(node, "country")});
  return questions;
}

json write_particulars(case_particulars const& what) {
  json node = json::object();
  for (auto const& [key, text] : particular_texts) put(node, key, what.*text);
  put(node, "permit_status", what.permit_status);
  if (!what.questions.empty()) node["questions"] = write_questions(what.questions);
  if (what.outcome) node["outcome"] = to_text(*what.outcome);
  if (!what.grounds.empty()) node["grounds"] = write_grounds(what.grounds);
  if (what.terms) node["terms"] = write_terms(*what.terms);
  return node;
}

result<case_particulars> read_particulars(json const& node) {
  if (auto fine = check_object(node, shapes_of_particulars(), ""); !fine) return std::move(fine).error();
  case_particulars what;
  for (auto const& [key, text] : particular_texts) what.*text = text_of(node, key);
  what.permit_status = text_of(node, "permit_status");
  what.questions = read_questions(member(node, "questions"));
  what.outcome = decision_outcome_of(text_of(node, "outcome"));
  what.grounds = read_grounds(member(node, "grounds"));
  if (auto const& terms = member(node, "terms"); terms.is_object()) what.terms = read_terms(terms);
  return what;
}

}  // namespace ehds::node::access
