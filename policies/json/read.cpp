#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/slips.hpp"
#include "policies/json/value.hpp"

namespace ehds::policies::json {
namespace {

// Builds a value from nlohmann's events: its own tree would keep the last of two members and forget the first.
class builder {
 public:
  using json = nlohmann::json;

  builder(std::string_view text, std::size_t depth_limit) : text_(text), depth_limit_(depth_limit) {}

  bool null() { return put(value{}); }
  bool boolean(bool b) { return put(value{b}); }
  bool number_integer(json::number_integer_t n) { return whole(n >= -largest_number, n); }
  bool number_unsigned(json::number_unsigned_t n) {
    bool const fits = n <= static_cast<json::number_unsigned_t>(largest_number);
    return whole(fits, fits ? static_cast<std::int64_t>(n) : 0);
  }
  bool number_float(json::number_float_t, std::string const&) { return whole(false, 0); }
  bool string(std::string& s) { return put(value{std::move(s)}); }
  bool binary(json::binary_t&) { return false; }

  bool start_object(std::size_t) { return open(value{object{}}); }
  bool key(std::string& name) {
    for (auto const& member : std::get<object>(open_.back().is)) {
      if (member.first == name)
        return refuse("json.doubled_member", "The member \"" + name + "\" appears twice in one object.", "Keep one.");
    }
    names_.push_back(std::move(name));
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(value{array{}}); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t at, std::string const&, nlohmann::detail::exception const& thrown) {
    constexpr int number_overflow = 406;
    if (thrown.id == number_overflow) return whole(false, 0);
    return refuse("json.syntax", "The text is not JSON: it goes wrong at " + line_and_column(text_, at) + ".",
                  "Look for a missing comma, bracket or quotation mark there; JSON has no comments.");
  }

  result<value> take() && {
    if (!fault_.code.empty()) return std::move(fault_);
    return std::move(root_);
  }

 private:
  bool refuse(std::string code, std::string detail, std::string mend) {
    fault_ = {std::move(code), std::move(detail), "", std::move(mend)};
    return false;
  }
  bool whole(bool fits, std::int64_t n) {
    if (fits) return put(value{n});
    return refuse("json.number", "A number is a fraction or beyond plus or minus 2^53 - 1.",
                  "Use whole numbers in that range.");
  }
  bool open(value v) {
    if (open_.size() >= depth_limit_)
      return refuse("json.too_deep", "The text nests deeper than " + std::to_string(depth_limit_) + " levels.",
                    "Flatten it.");
    open_.push_back(std::move(v));
    return true;
  }
  bool close() {
    value done = std::move(open_.back());
    open_.pop_back();
    return put(std::move(done));
  }
  bool put(value v) {
    if (open_.empty()) {
      root_ = std::move(v);
    } else if (auto* const list = std::get_if<array>(&open_.back().is)) {
      list->push_back(std::move(v));
    } else {
      std::get<object>(open_.back().is).emplace_back(std::move(names_.back()), std::move(v));
      names_.pop_back();
    }
    return true;
  }

  std::string_view text_;
  std::size_t depth_limit_;
  value root_;
  std::vector<value> open_;
  std::vector<std::string> names_;
  problem fault_;
};

}  // namespace

result<value> read(std::string_view text, reading_limits limits) {
  if (text.size() > limits.bytes)
    return problem{"json.too_large", "The text has more than " + std::to_string(limits.bytes) + " bytes.", "",
                   "Send less."};
  if (!is_utf8(text)) return problem{"json.not_utf8", "The text is not UTF-8.", "", "Save it as UTF-8."};
  builder events(text, limits.depth);
  nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  return std::move(events).take();
}

}  // namespace ehds::policies::json
