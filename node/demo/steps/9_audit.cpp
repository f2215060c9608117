// Each node's audit log is proved whole, offline, with the node's published verifier key and a checkpoint kept outside.
#include <fstream>

#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {

void step_9_audit(network& net, told&) {
  tell_step(9, "The audit log of every node verifies offline");
  for (auto const* id : {"EU", "FR", "FI", "DK"}) {
    auto const folder = net.folder_of(id);
    std::ofstream(folder / "audit.keys") << net.as(id, "").get("/audit/key").text;
    std::ofstream(folder / "audit.checkpoint") << net.as(id, "").get("/audit/checkpoint").text;
    auto const checked =
        run_to_end({net.how().program.string(), "audit", "verify", (folder / "store/node.sqlite").string(), "--keys",
                    (folder / "audit.keys").string(), "--witness", (folder / "audit.checkpoint").string()});
    must(checked.code == 0, std::string("the audit log of ") + id + " does not verify: " + checked.output);
    tell(std::string(id) + ": " + checked.output.substr(0, checked.output.find('\n')));
  }
}

}  // namespace ehds::node::demo
