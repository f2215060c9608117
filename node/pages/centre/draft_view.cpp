#include "node/pages/centre/draft_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/ids.hpp"
#include "base/numbers.hpp"
#include "node/pages/catalogue/basket.hpp"
#include "node/pages/moments.hpp"

namespace ehds::node::pages {
namespace {

// A finding's place, "/form/section6/0/inclusionCriteria", as a page knows it.
struct finding_place {
  std::string section;
  std::string country;
  std::string field;
};

std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  while (pointer.starts_with('/')) {
    auto const end = std::min(pointer.find('/', 1), pointer.size());
    steps.emplace_back(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
  }
  return steps;
}

std::string country_at(std::string_view form_json, std::string const& section, std::size_t index) {
  auto const form = nlohmann::json::parse(form_json, nullptr, false);
  if (!form.is_object() || !form.contains(section) || !form[section].is_array() || form[section].size() <= index)
    return {};
  auto const country = form[section][index].value("country_id", nlohmann::json());
  if (country.is_string()) return country.get<std::string>();
  return country.is_object() ? country.value("key", std::string{}) : std::string{};
}

finding_place place_of(problem const& finding, std::string_view form_json) {
  auto steps = steps_of(finding.where);
  if (steps.size() < 2 || steps[0] != "form") return {};
  finding_place place{steps[1], {}, {}};
  std::size_t next = 2;
  if (steps.size() > 2)
    if (auto const index = parse_number<std::size_t>(steps[2])) {
      place.country = country_at(form_json, place.section, *index);
      next = 3;
    }
  if (next < steps.size()) place.field = steps[next];
  return place;
}

std::string label_at(access::form_definition const& form, finding_place const& place, std::string const& language) {
  auto const* const section = form.section(place.section);
  auto const* const field = form.field(place.section, place.field);
  std::string text = section == nullptr ? std::string{} : section->title.in(language);
  if (!place.country.empty()) text += " (" + place.country + ")";
  if (field != nullptr) text += ": " + field->label.in(language);
  return text;
}

std::string prefix_of(std::string const& country) { return country.empty() ? "a." : country + "."; }

std::string finding_address(access::draft_page const& draft, finding_place const& place) {
  if (place.section.empty()) return "#datasets";
  auto address =
      "/drafts/" + http::percent_encode(draft.line.draft_id) + "?section=" + http::percent_encode(place.section);
  if (place.field.empty()) return address;
  return address + "#f-" + http::percent_encode(prefix_of(place.country) + place.field);
}

value findings_view(visit const& who, access::draft_page const& draft, access::form_definition const& form,
                    problems const& findings) {
  return value::list(findings, [&](problem const& finding) {
    auto const place = place_of(finding, draft.form_json);
    auto const known = who.texts().all().find("finding." + finding.code);
    bool const translated = known != who.texts().all().end();
    return value::object({{"address", finding_address(draft, place)},
                          {"place", label_at(form, place, who.language())},
                          {"detail", translated ? known->second : finding.detail},
                          {"mend", translated ? "" : finding.mend}});
  });
}

value sections_view(visit const& who, access::draft_page const& draft, access::form_definition const& form,
                    std::string const& open, problems const& findings) {
  return value::list(form.sections, [&](access::form_section const& section) {
    auto const count = std::ranges::count_if(
        findings, [&](problem const& one) { return place_of(one, draft.form_json).section == section.key; });
    // What the first section asks for are variables of the chosen datasets; a section per country waits for them.
    bool const waits = draft.datasets.empty() && (section.per_country || section.number == 1);
    return value::object({{"key", section.key},
                          {"is_done", value(count == 0 && !waits)},
                          {"number", value(section.number)},
                          {"title", section.title.in(who.language())},
                          {"count", count == 0 ? value("") : value(count)},
                          {"here", value(section.key == open)}});
  });
}

// One form to fill in; a section per country has one for each.
value parts_view(visit const& who, access::draft_page const& draft, access::form_section const& section,
                 unsaved_answers const* unsaved) {
  auto const countries = section.per_country ? countries_of(draft) : std::vector<std::string>{""};
  return value::list(countries, [&](std::string const& country) {
    bool const again = unsaved != nullptr && unsaved->country == country;
    auto const answers = again ? unsaved->answers_json : section_answers(draft.form_json, section, country);
    auto fields = section.fields;
    if (section.per_country) std::erase_if(fields, [](auto const& field) { return field.key == "country_id"; });
    return value::object({{"country", country},
                          {"trouble", again ? unsaved->why.detail + " " + unsaved->why.mend : ""},
                          {"fields", editable_fields(fields, answers, prefix_of(country), words_for(who))}});
  });
}

}  // namespace

form_words words_for(visit const& who) { return {who.language(), who.say("please_choose"), who.say("yes")}; }

std::string type_in_words(visit const& who, std::string_view code) { return who.texts().of_code("type", code); }

std::vector<std::string> countries_of(access::draft_page const& draft) {
  std::set<std::string> countries;
  for (auto const& one : draft.datasets) countries.insert(one.country);
  return {countries.begin(), countries.end()};
}

value draft_view(visit const& who, access::draft_page const& draft, access::form_definition const& form,
                 std::string const& section, problems const& findings, unsaved_answers const* unsaved) {
  auto const* const open = form.section(section) != nullptr ? form.section(section) : &form.sections.front();
  auto const datasets = value::list(draft.datasets, [&](access::dataset_reference const& one) {
    return value::object({{"dataset", one.id},
                          {"title", one.title(who.language())},
                          {"country", one.country},
                          {"authority", one.authority}});
  });
  return value::object({{"draft", draft.line.draft_id},
                        {"heading", draft.line.title},
                        {"type", type_in_words(who, draft.line.type)},
                        {"updated", moment(draft.line.updated)},
                        {"version", value(draft.version)},
                        {"release", draft.release},
                        {"datasets", datasets},
                        {"basket_count", basket_of(who.asked).empty() ? value("") : value(basket_of(who.asked).size())},
                        {"sections", sections_view(who, draft, form, open->key, findings)},
                        {"section", open->key},
                        {"section_title", open->title.in(who.language())},
                        {"is_public", value(open->is_public)},
                        {"parts", parts_view(who, draft, *open, unsaved)},
                        {"saved", value(!who.asked.query_value("saved").empty())},
                        {"findings", findings_view(who, draft, form, findings)},
                        {"finding_count", findings.empty() ? value("") : value(findings.size())},
                        {"key", random_uuid()}});
}

}  // namespace ehds::node::pages
