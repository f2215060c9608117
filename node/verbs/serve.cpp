// ehds-node serve --config F: run the node until it is told to end by SIGINT or SIGTERM. SIGHUP, which a closed
// terminal sends too, only looks at the configuration again.
#include <sys/resource.h>

#include <csignal>
#include <iostream>

#include "base/clock.hpp"
#include "node/house/house.hpp"
#include "node/house/surroundings.hpp"
#include "node/telemetry/log.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/second_look.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

int complain_all(problems const& found) {
  for (auto const& one : found) complain(to_text(one), 1);
  return 1;
}

// Blocked in every thread before the first is made, so that only this one takes them.
sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// Each connection takes a descriptor, and each file that is read for a message: strangers' must not leave none. Many
// systems start a program with 1024, and grant more to one that asks.
void take_all_descriptors() {
  rlimit granted{};
  if (getrlimit(RLIMIT_NOFILE, &granted) != 0) return;
  granted.rlim_cur = granted.rlim_max;
  setrlimit(RLIMIT_NOFILE, &granted);
}

bool is_told_to_end() {
  sigset_t pending;
  return sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

// The node goes on with what it was started with, whatever is found.
void look_at_configuration(telemetry::log& log, std::string const& file) {
  auto const found = look_again(file, is_told_to_end);
  if (!found) return log.write(telemetry::level::warning, "configuration.not_looked_at", {{"file", file}});
  for (auto const& sentence : found->sentences)
    log.write(telemetry::level::warning, "configuration.finding", {{"detail", sentence}});
  if (found->is_good)
    log.write(telemetry::level::info, "configuration.good", {{"detail", "A restart takes it up."}, {"file", file}});
  else
    log.write(telemetry::level::warning, "configuration.not_good",
              {{"detail", "A restart would fail; the node goes on with what it was started with."}, {"file", file}});
}

void wait_for_end(sigset_t const& awaited, telemetry::log& log, std::string const& file) {
  for (int signal = SIGHUP; signal == SIGHUP;) {
    sigwait(&awaited, &signal);
    if (signal == SIGHUP) look_at_configuration(log, file);
  }
}

}  // namespace

int serve(words const& given) {
  auto const read = arguments::read(given, {{"--config"}, {}, 0, 0});
  if (!read || !read->has("--config")) return complain("usage: ehds-node serve --config FILE", 2);
  auto settings = config::read_configuration(read->value("--config"));
  if (!settings) return complain_all(settings.error());
  for (auto const& one : house::find_doubts(*settings, system_clock{}.now())) complain("warning: " + to_text(one), 0);
  take_all_descriptors();
  auto const awaited = awaited_signals();
  auto built = house::house::build(*settings);
  if (!built) return complain_all(built.error());
  auto& node = **built;
  if (auto const started = node.start(); !started) return complain_all(started.error());
  for (auto const& address : node.addresses()) std::cout << address << '\n';
  std::cout << "ready" << std::endl;
  wait_for_end(awaited, node.log(), read->value("--config"));
  node.stop();
  return 0;
}

}  // namespace ehds::node::verbs
