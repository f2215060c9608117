#include "policies/disclosure/query_history.hpp"

#include "base/bytes.hpp"
#include "policies/json/object_reader.hpp"

namespace ehds::policies {
namespace {

constexpr std::size_t token_bytes = 8;

std::string packed(person_set const& persons) {
  std::string bytes;
  bytes.reserve(persons.size() * token_bytes);
  for (auto const token : persons.tokens()) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(token >> shift & 0xFFU);
  }
  return to_base64(bytes);
}

result<person_set> unpacked(std::string_view text) {
  auto const bytes = from_base64(text);
  if (!bytes) return bytes.error();
  if (bytes->size() % token_bytes != 0)
    return problem{"history.tokens", "A person set is cut.", "", "The record is damaged."};
  std::vector<person_set::token> tokens(bytes->size() / token_bytes);
  for (std::size_t i = 0; i < bytes->size(); ++i)
    tokens[i / token_bytes] = tokens[i / token_bytes] << 8U | static_cast<unsigned char>((*bytes)[i]);
  return person_set(std::move(tokens));
}

json::value written(history_cell const& cell) {
  json::array values;
  for (auto const& v : cell.values) values.push_back(v ? json::value{*v} : json::value{});
  return json::object{{"persons", packed(cell.persons)},
                      {"shown", cell.shown},
                      {"guarded", cell.guarded},
                      {"base", cell.base},
                      {"grand_total", cell.grand_total},
                      {"values", std::move(values)},
                      {"denominator", cell.denominator ? json::value{*cell.denominator} : json::value{}}};
}

history_cell read_cell(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, "history", found);
  history_cell cell;
  if (auto const* const persons = in.wanted("persons")) {
    auto const* const text = std::get_if<std::string>(&persons->is);
    auto set = unpacked(text == nullptr ? "?" : *text);
    if (set) {
      cell.persons = *std::move(set);
    } else {
      found.push_back(set.error());
    }
  }
  cell.shown = in.truth_or("shown", false);
  cell.guarded = in.truth_or("guarded", false);
  cell.base = in.truth_or("base", false);
  cell.grand_total = in.truth_or("grand_total", false);
  in.each("values", query_limits::measures, [&](json::value const& item, std::string const&) {
    auto const* const n = std::get_if<std::int64_t>(&item.is);
    cell.values.push_back(n == nullptr ? released_number{} : released_number{*n});
  });
  if (auto const* const shown = in.optional("denominator")) {
    if (auto const* const n = std::get_if<std::int64_t>(&shown->is)) cell.denominator = *n;
  }
  in.refuse_others();
  return cell;
}

}  // namespace

std::string to_record(history_entry const& entry) {
  json::array cells;
  for (auto const& cell : entry.cells) cells.push_back(written(cell));
  return json::write(json::object{{"dataset", entry.dataset},
                                  {"query_hash", entry.query_hash},
                                  {"permit_id", entry.permit_id},
                                  {"disjoint", entry.disjoint},
                                  {"measure_keys", json::array(entry.measure_keys.begin(), entry.measure_keys.end())},
                                  {"made_of", entry.made_of},
                                  {"cells", std::move(cells)}});
}

result<history_entry> read_history_record(std::string_view record) {
  auto const root = json::read(record, {std::size_t{1} << 31U, 6});
  if (!root) return root.error();
  problems found;
  json::object_reader in(*root, "", "history", found);
  history_entry entry;
  entry.dataset = in.text("dataset");
  entry.query_hash = in.text("query_hash");
  entry.permit_id = in.text("permit_id");
  entry.disjoint = in.truth_or("disjoint", true);
  if (in.has("made_of")) entry.made_of = in.text("made_of");
  in.each("measure_keys", query_limits::measures, [&](json::value const& item, std::string const&) {
    auto const* const key = std::get_if<std::string>(&item.is);
    entry.measure_keys.push_back(key == nullptr ? std::string{} : *key);
  });
  in.each("cells", 1'000'000, [&](json::value const& item, std::string const& pointer) {
    entry.cells.push_back(read_cell(item, pointer, found));
  });
  in.refuse_others();
  if (!found.empty()) return std::move(found.front());
  return entry;
}

}  // namespace ehds::policies
