#pragma once
// What every reader of JSON from outside looks at before it believes a text. For any parser: no JSON library is named.
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ehds {

// Counted before anything is built, so that no input decides how deep a parser goes. Brackets inside strings do not
// count; of a text that is no JSON it says something, quickly.
bool nested_deeper_than(std::string_view json, std::size_t levels);

// A parser callback (nlohmann's) that notices a member named twice in one object: two readers could take different
// values.
//
//   member_watch<json> watch;
//   auto const read = json::parse(text, std::ref(watch), false);
//   if (watch.twice()) ...
template <class Json>
class member_watch {
 public:
  bool operator()(int /*depth*/, typename Json::parse_event_t event, Json& parsed) {
    using kind = typename Json::parse_event_t;
    if (event == kind::object_start) open_.emplace_back();
    if (event == kind::object_end && !open_.empty()) open_.pop_back();
    if (event == kind::key && !open_.empty()) note(parsed.template get_ref<std::string const&>());
    return true;
  }
  bool twice() const { return twice_; }
  std::string const& name() const { return name_; }  // the last one that was repeated

 private:
  void note(std::string const& name) {
    if (open_.back().insert(name).second) return;
    twice_ = true;
    name_ = name;
  }

  std::vector<std::set<std::string>> open_;
  std::string name_;
  bool twice_ = false;
};

// The text of a value, without a line break. What is no UTF-8 is replaced: nobody is helped by a text that throws.
template <class Json>
std::string one_line(Json const& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ehds
