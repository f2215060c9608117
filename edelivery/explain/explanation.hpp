#pragma once
// What was found while looking at a message again, step by step: for operators, never for the peer. Holds names, sizes,
// digests, algorithms and certificates; no payload, no value of a property, no key. Bounded whatever the message says.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.hpp"

namespace ehds::edelivery {

enum class finding { told, good, wrong, not_looked_at };

struct explained_step {
  static constexpr std::size_t most_facts = 40;

  std::string step;   // "MIME part", "reference", "certificate" ...
  std::string about;  // which one: "cid:...", "#id"; empty when there is only one
  finding outcome = finding::told;
  std::vector<std::pair<std::string, std::string>> facts;  // in the order to be read

  explained_step& fact(std::string name, std::string_view value);  // left out when empty, or beyond the limit
  explained_step& failed(problem const& why);                      // wrong, with its code, detail and mend: always kept
};

class explanation {
 public:
  static constexpr std::size_t most_steps = 160;
  static constexpr std::size_t longest_value = 300;  // characters; what is longer is cut

  // The reference holds until the next call. Beyond the limit steps are counted and not kept.
  explained_step& add(std::string step, std::string_view about = {});
  explained_step& add_last(std::string step);  // kept whatever came before
  explained_step& at(std::size_t number) { return steps_.at(number); }
  std::vector<explained_step> const& steps() const { return steps_; }
  std::size_t left_out() const { return left_out_; }

 private:
  std::vector<explained_step> steps_;
  explained_step surplus_;
  std::size_t left_out_ = 0;
};

std::string_view to_text(finding outcome);  // "", "ok", "WRONG", "not looked at"

// For people, a line for each step and each fact.
std::string to_text(explanation const& told);
// {"steps":[{"step","about","outcome","facts":[{"name","value"}]}],"left_out":0}; outcome: told, good, wrong,
// not_looked_at
std::string to_json(explanation const& told);

}  // namespace ehds::edelivery
