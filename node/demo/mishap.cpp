#include "node/demo/mishap.hpp"

#include <cstdlib>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {

std::optional<mishap> planned_mishap() {
  char const* const said = std::getenv("EHDS_DEMO_KILL");
  if (said == nullptr) return std::nullopt;
  std::string const text = said;
  auto const at = text.find('@');
  must(at != std::string::npos && at > 0 && at + 1 < text.size(), "EHDS_DEMO_KILL is not PROCESS@POINT:N");
  return mishap{text.substr(0, at), text.substr(at + 1)};
}

}  // namespace ehds::node::demo
