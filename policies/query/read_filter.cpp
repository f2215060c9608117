#include "policies/query/read_filter.hpp"

#include "policies/query/words.hpp"

namespace ehds::policies {
namespace {

constexpr std::size_t most_parts = 200;
constexpr std::size_t most_values = 1000;

std::optional<scalar> read_scalar(json::value const& v, std::string const& where, problems& found) {
  if (auto const* const n = std::get_if<std::int64_t>(&v.is)) return scalar{*n};
  auto const* const s = std::get_if<std::string>(&v.is);
  if (s != nullptr && s->size() <= 400) return scalar{*s};
  found.push_back(
      {"query.type", "A whole number or a text of at most 400 bytes is expected here.", where, "Write one value."});
  return std::nullopt;
}

void check_values(column_test const& test, json::object_reader& in) {
  auto const count = test.values.size();
  if (test.op == comparison::in && count == 0)
    in.fault("value", "values", "The list is empty.", "Name at least one value.");
  if (test.op != comparison::between) return;
  if (count != 2) return in.fault("value", "values", "\"between\" needs two values.", "Give the first and the last.");
  if (test.values[0].index() != test.values[1].index() || test.values[1] < test.values[0])
    in.fault("value", "values", "The two values are not in ascending order.", "Give the smaller first.");
}

column_test read_test(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  column_test test;
  test.column = in.text("column");
  test.op = static_cast<comparison>(in.one_of("op", words::comparisons));
  if (test.op == comparison::in || test.op == comparison::between) {
    in.each("values", most_values, [&](json::value const& item, std::string const& pointer) {
      if (auto value = read_scalar(item, pointer, found)) test.values.push_back(std::move(*value));
    });
    check_values(test, in);
  } else if (auto const* const one = in.wanted("value")) {
    if (auto value = read_scalar(*one, in.at("value"), found)) test.values.push_back(std::move(*value));
  }
  in.refuse_others();
  return test;
}

exists_in read_exists(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  exists_in exists;
  exists.rows = read_event_rows(in, found);
  exists.at_least = in.number_or("at_least", 1, 1, 1000);
  in.refuse_others();
  return exists;
}

std::vector<filter> read_parts(json::object_reader& in, std::string_view name, problems& found) {
  std::vector<filter> parts;
  in.each(name, most_parts, [&](json::value const& item, std::string const& pointer) {
    parts.push_back(read_filter(item, pointer, found));
  });
  return parts;
}

}  // namespace

event_rows read_event_rows(json::object_reader& in, problems& found) {
  event_rows rows;
  rows.table = in.text("table");
  rows.concept_set = in.text_or("concept_set", "");
  if (auto const* const window = in.optional("window")) {
    json::object_reader days(*window, in.at("window"), query_family, found);
    rows.window = date_window{days.day("from"), days.day("to")};
    if (rows.window->to < rows.window->from)
      days.fault("value", "to", "The window ends before it begins.", "Put the later day here.");
    days.refuse_others();
  }
  if (in.has("where")) {
    in.each("where", most_parts, [&](json::value const& item, std::string const& pointer) {
      rows.where.push_back(read_test(item, pointer, found));
    });
  } else {
    in.optional("where");
  }
  return rows;
}

filter read_filter(json::value const& v, std::string const& where, problems& found) {
  json::object_reader in(v, where, query_family, found);
  filter read;
  if (in.has("all")) {
    read.is = all_of{read_parts(in, "all", found)};
  } else if (in.has("any")) {
    any_of any{read_parts(in, "any", found)};
    if (any.parts.empty()) in.fault("value", "any", "The list is empty.", "Name at least one alternative.");
    read.is = std::move(any);
  } else if (in.has("not")) {
    none_of none;
    none.part.push_back(read_filter(*in.wanted("not"), in.at("not"), found));
    read.is = std::move(none);
  } else if (in.has("exists_in")) {
    read.is = read_exists(*in.wanted("exists_in"), in.at("exists_in"), found);
  } else if (in.has("column")) {
    read.is = read_test(*in.wanted("column"), in.at("column"), found);
  } else {
    found.push_back({"query.missing", "A condition needs one of: all, any, not, exists_in, column.", where,
                     "Write one of them; {\"all\": []} means everybody."});
  }
  in.refuse_others();
  return read;
}

}  // namespace ehds::policies
