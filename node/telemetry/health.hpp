#pragma once
// Is the node alive, and is it ready for messages? Named checks answer with nothing when all is well and with one
// sentence when not. Alive means: leave the process running; ready means: send it work.
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ehds::node::telemetry {

enum class health_kind { live, ready };

struct health_report {
  struct finding {
    std::string check;
    std::string reason;  // empty when all is well
  };
  bool is_well = true;
  std::vector<finding> findings;  // every check, in the order they were added

  std::string json() const;  // {"status":"ready"|"not_ready","checks":[{"check","reason"}]}; null when well
};

class health_registry {
 public:
  using check = std::function<std::optional<std::string>()>;

  // A check must answer at once: it reads what others already know.
  void add(health_kind kind, std::string name, check ask);
  // While the node starts and stops: not ready, whatever the checks say. Starts as true.
  void set_draining(bool draining);

  health_report ask(health_kind kind) const;

 private:
  struct named_check {
    health_kind kind;
    std::string name;
    check ask;
  };
  mutable std::mutex guard_;
  bool draining_ = true;
  std::vector<named_check> checks_;
};

}  // namespace ehds::node::telemetry
