#include <nlohmann/json.hpp>

#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/variables.hpp"

namespace ehds::dcat {
namespace {

using json = nlohmann::ordered_json;

// Each shape lists its fields once; writing and reading both walk that list.
template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, localized>
void each_field(R& r, F&& f) {
  f("lang", r.language);
  f("text", r.text);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, agent>
void each_field(R& r, F&& f) {
  f("iri", r.iri);
  f("names", r.names);
  f("type", r.type);
  f("email", r.email);
  f("page", r.page);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, distribution>
void each_field(R& r, F&& f) {
  f("iri", r.iri);
  f("titles", r.titles);
  f("descriptions", r.descriptions);
  f("access_url", r.access_url);
  f("download_url", r.download_url);
  f("format", r.format);
  f("license", r.license);
  f("byte_size", r.byte_size);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, variable>
void each_field(R& r, F&& f) {
  f("name", r.name);
  f("titles", r.titles);
  f("descriptions", r.descriptions);
  f("datatype", r.datatype);
  f("property_url", r.property_url);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, variable_table>
void each_field(R& r, F&& f) {
  f("iri", r.iri);
  f("url", r.url);
  f("titles", r.titles);
  f("keywords", r.keywords);
  f("columns", r.columns);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, variable_set>
void each_field(R& r, F&& f) {
  f("titles", r.titles);
  f("tables", r.tables);
}

template <class R, class F>
void each_name(R& r, F&& f) {
  f("iri", r.iri);
  f("identifier", r.identifier);
  f("other_identifiers", r.other_identifiers);
  f("titles", r.titles);
  f("descriptions", r.descriptions);
  f("keywords", r.keywords);
  f("access_rights", r.access_rights);
  f("access_level", r.access_level);
  f("hdab", r.hdab);
  f("publisher", r.publisher);
  f("custodian", r.custodian);
  f("contact_email", r.contact_email);
  f("contact_page", r.contact_page);
  f("landing_page", r.landing_page);
}

template <class R, class F>
void each_code(R& r, F&& f) {
  f("health_categories", r.health_categories);
  f("health_themes", r.health_themes);
  f("themes", r.themes);
  f("coding_systems", r.coding_systems);
  f("standards", r.standards);
  f("code_values", r.code_values);
  f("languages", r.languages);
  f("countries", r.countries);
  f("types", r.types);
  f("personal_data", r.personal_data);
  f("legislation", r.legislation);
  f("frequency", r.frequency);
}

template <class R, class F>
  requires std::same_as<std::remove_const_t<R>, dataset_record>
void each_field(R& r, F&& f) {
  each_name(r, f);
  each_code(r, f);
  f("period_start", r.period_start);
  f("period_end", r.period_end);
  f("issued", r.issued);
  f("modified", r.modified);
  f("version", r.version);
  f("number_of_records", r.number_of_records);
  f("number_of_individuals", r.number_of_individuals);
  f("min_age", r.min_age);
  f("max_age", r.max_age);
  f("population_coverage", r.population_coverage);
  f("provenance", r.provenance);
  f("purposes", r.purposes);
  f("legal_bases", r.legal_bases);
  f("distributions", r.distributions);
  f("samples", r.samples);
  f("has_structured_data", r.has_structured_data);
  f("trusted_data_holder", r.trusted_data_holder);
  f("table_count", r.table_count);
  f("variable_count", r.variable_count);
  f("hash", r.hash);
}

json written(std::string const& value) { return value; }
json written(bool value) { return value; }
json written(std::uint64_t value) { return value; }
json written(std::optional<std::uint64_t> const& value) { return value ? json(*value) : json(); }

template <class T>
json written(std::vector<T> const& values);

template <class T>
json written(T const& value) {
  json out = json::object();
  each_field(value, [&out](char const* name, auto const& field) {
    auto made = written(field);
    bool const is_empty = made.is_null() || ((made.is_array() || made.is_object()) && made.empty()) ||
                          (made.is_string() && made.template get_ref<std::string const&>().empty());
    if (!is_empty) out[name] = std::move(made);
  });
  return out;
}

template <class T>
json written(std::vector<T> const& values) {
  json out = json::array();
  for (T const& value : values) out.push_back(written(value));
  return out;
}

void read(json const& from, std::string& to) { to = from.get<std::string>(); }
void read(json const& from, bool& to) { to = from.get<bool>(); }
void read(json const& from, std::uint64_t& to) { to = from.get<std::uint64_t>(); }
void read(json const& from, std::optional<std::uint64_t>& to) { to = from.get<std::uint64_t>(); }

template <class T>
void read(json const& from, std::vector<T>& to);

template <class T>
void read(json const& from, T& to) {
  each_field(to, [&from](char const* name, auto& field) {
    if (auto const found = from.find(name); found != from.end()) read(*found, field);
  });
}

template <class T>
void read(json const& from, std::vector<T>& to) {
  for (auto const& item : from) {
    T value{};
    read(item, value);
    to.push_back(std::move(value));
  }
}

template <class T>
result<T> from_row(std::string_view text) {
  auto const parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return problem{"catalogue.bad_row", "A stored record is not a JSON object.", {}, {}};
  try {
    T made;
    read(parsed, made);
    return made;
  } catch (json::exception const&) {
    return problem{"catalogue.bad_row", "A stored record does not have the expected fields.", {}, {}};
  }
}

}  // namespace

std::string to_json(dataset_record const& record) {
  return written(record).dump(-1, ' ', false, json::error_handler_t::replace);
}
result<dataset_record> record_from_json(std::string_view text) { return from_row<dataset_record>(text); }

std::string to_json(variable_set const& variables) {
  return written(variables).dump(-1, ' ', false, json::error_handler_t::replace);
}
result<variable_set> variables_from_json(std::string_view text) { return from_row<variable_set>(text); }

std::string const& best_text(std::vector<localized> const& texts, std::string_view language) {
  static std::string const none;
  for (std::string_view const wanted : {language, std::string_view("en"), std::string_view()})
    for (localized const& text : texts)
      if (text.language == wanted || (!wanted.empty() && text.language.starts_with(std::string(wanted) + "-")))
        return text.text;
  return texts.empty() ? none : texts.front().text;
}

}  // namespace ehds::dcat
