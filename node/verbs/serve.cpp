// ehds-node serve --config F: run the node until it is told to end.
#include <csignal>
#include <iostream>

#include "node/house/house.hpp"
#include "node/house/surroundings.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

int complain_all(problems const& found) {
  for (auto const& one : found) complain(to_text(one), 1);
  return 1;
}

// Blocked in every thread before the first is made, so that only this one takes them.
sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

}  // namespace

int serve(words const& given) {
  auto const read = arguments::read(given, {{"--config"}, {}, 0, 0});
  if (!read || !read->has("--config")) return complain("usage: ehds-node serve --config FILE", 2);
  auto settings = config::read_configuration(read->value("--config"));
  if (!settings) return complain_all(settings.error());
  for (auto const& one : house::find_doubts(*settings)) complain("warning: " + to_text(one), 0);
  auto const ending = ending_signals();
  auto built = house::house::build(*settings);
  if (!built) return complain_all(built.error());
  auto& node = **built;
  if (auto const started = node.start(); !started) return complain_all(started.error());
  for (auto const& address : node.addresses()) std::cout << address << '\n';
  std::cout << "ready" << std::endl;
  int signal = 0;
  sigwait(&ending, &signal);
  node.stop();
  return 0;
}

}  // namespace ehds::node::verbs
