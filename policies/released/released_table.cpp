#include "policies/released_table.hpp"

#include <algorithm>

#include "policies/json/object_reader.hpp"
#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

constexpr std::string_view family = "released";
std::vector<std::string_view> const bases{"request_approval", "data_permit"};
constexpr std::size_t most_cells = 200'000;

json::array written(std::vector<std::string> const& texts) { return {texts.begin(), texts.end()}; }

json::value written(released_number const& n) { return n ? json::value{*n} : json::value{hidden_symbol}; }

json::value written(policy_stamp const& stamp) {
  return json::object{{"id", stamp.id},
                      {"version", stamp.version},
                      {"threshold", stamp.threshold},
                      {"rounding", stamp.rounding},
                      {"justification", stamp.justification}};
}

json::value written(released_cell const& cell, bool with_denominator) {
  json::array values;
  for (auto const& n : cell.values) values.push_back(written(n));
  json::object o{{"labels", written(cell.labels)}, {"values", std::move(values)}};
  if (with_denominator) o.emplace_back("denominator", written(cell.denominator));
  return o;
}

released_number read_number(json::value const& v, std::string const& where, problems& found) {
  auto const* const n = std::get_if<std::int64_t>(&v.is);
  if (n != nullptr && *n >= 0) return *n;
  auto const* const s = std::get_if<std::string>(&v.is);
  if (s == nullptr || *s != hidden_symbol)
    found.push_back({"released.value",
                     "A number of 0 or more or \"" + std::string(hidden_symbol) + "\" is expected here.", where,
                     "Correct it."});
  return std::nullopt;
}

policy_stamp read_stamp(json::value const& v, problems& found) {
  json::object_reader in(v, "/policy", family, found);
  policy_stamp stamp;
  stamp.id = in.text("id");
  stamp.version = in.number("version", 1, 1'000'000);
  stamp.threshold = in.number("threshold", 0, 1000);
  stamp.rounding = in.number("rounding", 1, 1000);
  stamp.justification = in.text_or("justification", "");
  in.refuse_others();
  return stamp;
}

released_cell read_cell(json::value const& v, std::string const& where, bool with_denominator, problems& found) {
  json::object_reader in(v, where, family, found);
  released_cell cell;
  in.each("labels", query_limits::dimensions, [&](json::value const& item, std::string const& pointer) {
    if (auto const* const s = std::get_if<std::string>(&item.is)) return cell.labels.push_back(*s);
    found.push_back({"released.type", "A text is expected here.", pointer, "Write it in quotes."});
  });
  in.each("values", query_limits::measures, [&](json::value const& item, std::string const& pointer) {
    cell.values.push_back(read_number(item, pointer, found));
  });
  if (with_denominator) {
    if (auto const* const d = in.wanted("denominator")) cell.denominator = read_number(*d, in.at("denominator"), found);
  }
  in.refuse_others();
  return cell;
}

void read_dimensions(json::object_reader& in, released_table& table, problems& found) {
  in.each("dimensions", query_limits::dimensions, [&](json::value const& item, std::string const& pointer) {
    json::object_reader one(item, pointer, family, found);
    released_dimension d;
    d.name = one.text("dimension");
    d.labels = one.texts_or_none("labels");
    one.refuse_others();
    table.dimensions.push_back(std::move(d));
  });
}

void check_shape(released_table const& table, problems& found) {
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    auto const& cell = table.cells[i];
    if (cell.labels.size() == table.dimensions.size() && cell.values.size() == table.measures.size()) continue;
    found.push_back({"released.shape", "A cell does not have one label a dimension and one value a measure.",
                     "/cells/" + std::to_string(i), "Give the whole table again."});
    return;
  }
}

}  // namespace

std::string to_json(released_table const& t) {
  json::array dimensions;
  for (auto const& d : t.dimensions)
    dimensions.push_back(json::object{{"dimension", d.name}, {"labels", written(d.labels)}});
  json::array cells;
  for (auto const& cell : t.cells) cells.push_back(written(cell, t.has_denominator));
  return json::write(json::object{{"released_table", "1"},
                                  {"query_hash", t.query_hash},
                                  {"protocol", t.protocol},
                                  {"dataset", t.dataset},
                                  {"authority", t.authority},
                                  {"permit_id", t.permit_id},
                                  {"permit_version", t.permit_version},
                                  {"basis", word_of(t.basis)},
                                  {"unit", words::units[static_cast<std::size_t>(t.unit)]},
                                  {"policy", written(t.policy)},
                                  {"dimensions", std::move(dimensions)},
                                  {"measures", written(t.measures)},
                                  {"has_denominator", t.has_denominator},
                                  {"cells", std::move(cells)}});
}

result<released_table> read_released_table(std::string_view text) {
  auto const root = json::read(text, {8U * 1024 * 1024, 8});
  if (!root) return root.error();
  problems found;
  json::object_reader in(*root, "", family, found);
  released_table t;
  in.one_of("released_table", {"1"});
  t.query_hash = in.text("query_hash");
  t.protocol = in.text("protocol");
  t.dataset = in.text("dataset");
  t.authority = in.text("authority");
  t.permit_id = in.text("permit_id");
  t.permit_version = in.number("permit_version", 1, 1'000'000);
  t.basis = static_cast<legal_basis>(in.one_of("basis", bases));
  t.unit = static_cast<counted>(in.one_of("unit", words::units));
  if (auto const* const stamp = in.wanted("policy")) t.policy = read_stamp(*stamp, found);
  read_dimensions(in, t, found);
  t.measures = in.texts_or_none("measures");
  t.has_denominator = in.truth_or("has_denominator", false);
  in.each("cells", most_cells, [&](json::value const& item, std::string const& pointer) {
    t.cells.push_back(read_cell(item, pointer, t.has_denominator, found));
  });
  in.refuse_others();
  if (found.empty()) check_shape(t, found);
  if (!found.empty()) return std::move(found.front());
  return t;
}

released_cell const* find_cell(released_table const& table, std::vector<std::string> const& labels) {
  auto const found = std::ranges::find(table.cells, labels, &released_cell::labels);
  return found == table.cells.end() ? nullptr : &*found;
}

std::string measure_label(measure const& m) {
  switch (m.what) {
    case measured::persons:
      return "persons";
    case measured::events:
      return "events";
    case measured::sum:
      return "sum of " + m.of;
  }
  return {};
}

}  // namespace ehds::policies
