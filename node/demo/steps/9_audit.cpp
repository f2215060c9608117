// Each node's audit log is proved whole, offline, with the node's published verifier key and a checkpoint kept outside.
#include <fstream>

#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {

namespace {

void verify(network& net, std::string const& process, std::vector<std::string> const& with) {
  std::vector<std::string> command{net.how().program.string(), "audit", "verify",
                                   (net.folder_of(process) / "store/node.sqlite").string()};
  command.insert(command.end(), with.begin(), with.end());
  auto const checked = run_to_end(command);
  must(checked.code == 0, "the audit log of " + process + " does not verify: " + checked.output);
  tell(process + ": " + checked.output.substr(0, checked.output.find('\n')));
}

// A withdrawn record stays withdrawn and a permit is handed over once, also when a node was started again.
void check_what_must_have_stayed(network& net, told& so_far) {
  for (auto const* id : {"EU", "FR"})
    must(net.as(id, "").get("/api/datasets/FR-ESIS").status == 410, std::string("a withdrawn record is back at ") + id);
  std::map<std::string, int> keys;
  for (auto const& one : net.platform().read("/handovers").at("handovers"))
    must(++keys[one.at("idempotency_key").get<std::string>()] == 1, "the platform keeps a hand-over twice");
  must(!keys.empty(), "the platform keeps nothing of permit " + so_far.permit);
  net.check_mishap();
}

}  // namespace

void step_9_audit(network& net, told& so_far) {
  tell_step(9, "Nothing was lost or doubled, and the audit log of every node verifies offline");
  compare_ledgers(net);
  check_what_must_have_stayed(net, so_far);
  for (auto const* id : {"EU", "FR", "FI", "DK"}) {
    auto const folder = net.folder_of(id);
    std::ofstream(folder / "audit.keys") << net.as(id, "").get("/audit/key").text;
    std::ofstream(folder / "audit.checkpoint") << net.as(id, "").get("/audit/checkpoint").text;
    verify(net, id, {"--keys", (folder / "audit.keys").string(), "--witness", (folder / "audit.checkpoint").string()});
  }
  // The data zone has no door to ask: its verifier key is read where it stands. It signs its log every few seconds.
  std::vector<std::string> const key{"--keys", (net.folder_of("FR-data") / "keys/audit.verifier").string()};
  auto const store = (net.folder_of("FR-data") / "store/node.sqlite").string();
  wait_until("the data zone signs its log", [&] {
    return run_to_end({net.how().program.string(), "audit", "verify", store, key[0], key[1]}).code == 0;
  });
  verify(net, "FR-data", key);
}

}  // namespace ehds::node::demo
