#pragma once
// A process that dies in the middle of the story: EHDS_DEMO_KILL=FR@exchange.stored:3 lets France's node kill itself
// when it passes that fail point the third time since its first start. It is started again at once, and the story must
// come to the same end. For tests; a release has no fail points, so nothing dies there.
#include <optional>
#include <string>

namespace ehds::node::demo {

struct mishap {
  std::string process;  // FR, FR-data ...
  std::string point;    // exchange.stored:3
};

// From the environment. Throws story_error when it is there and is no mishap.
std::optional<mishap> planned_mishap();

}  // namespace ehds::node::demo
