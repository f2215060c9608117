#include "edelivery/explain/explanation.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace ehds::edelivery {

namespace {

constexpr std::array<std::string_view, 4> words{"", "ok", "WRONG", "not looked at"};
constexpr std::array<std::string_view, 4> codes{"told", "good", "wrong", "not_looked_at"};

// What the peer wrote must not move the cursor of whoever reads it.
std::string readable(std::string_view text) {
  std::string out(text.substr(0, explanation::longest_value));
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  if (text.size() > explanation::longest_value) out += " ...";
  return out;
}

}  // namespace

explained_step& explained_step::fact(std::string name, std::string_view value) {
  if (value.empty() || facts.size() > most_facts) return *this;
  if (facts.size() == most_facts)
    facts.emplace_back("further ones", "are left out");
  else
    facts.emplace_back(std::move(name), readable(value));
  return *this;
}

explained_step& explained_step::failed(problem const& why) {
  outcome = finding::wrong;
  for (auto const& [name, value] : {std::pair("problem", &why.code), std::pair("why", &why.detail),
                                    std::pair("where", &why.where), std::pair("mend", &why.mend)})
    if (!value->empty()) facts.emplace_back(name, readable(*value));
  return *this;
}

explained_step& explanation::add(std::string step, std::string_view about) {
  if (steps_.size() >= most_steps) {
    ++left_out_;
    return surplus_ = {};
  }
  steps_.push_back({std::move(step), readable(about), finding::told, {}});
  return steps_.back();
}

explained_step& explanation::add_last(std::string step) {
  steps_.push_back({std::move(step), {}, finding::told, {}});
  return steps_.back();
}

std::string_view to_text(finding outcome) { return words.at(static_cast<std::size_t>(outcome)); }

std::string to_text(explanation const& told) {
  std::string text;
  for (auto const& each : told.steps()) {
    text += each.step + (each.about.empty() ? "" : " " + each.about);
    auto const outcome = to_text(each.outcome);
    text += outcome.empty() ? "\n" : ": " + std::string(outcome) + "\n";
    for (auto const& [name, value] : each.facts) text += "    " + name + ": " + value + "\n";
  }
  if (told.left_out() > 0) text += std::to_string(told.left_out()) + " further steps are left out\n";
  return text;
}

std::string to_json(explanation const& told) {
  using nlohmann::json;
  json steps = json::array();
  for (auto const& each : told.steps()) {
    json facts = json::array();
    for (auto const& [name, value] : each.facts) facts.push_back({{"name", name}, {"value", value}});
    steps.push_back({{"step", each.step},
                     {"about", each.about},
                     {"outcome", codes.at(static_cast<std::size_t>(each.outcome))},
                     {"facts", std::move(facts)}});
  }
  json const out{{"steps", std::move(steps)}, {"left_out", told.left_out()}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ehds::edelivery
