#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "node/demo/bring.hpp"
#include "node/demo/network.hpp"
#include "node/demo/process.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

void note_signal(int) { note_interruption(); }

class stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string in_seconds(double seconds) {
  auto const tenths = static_cast<int>(seconds * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

void tell_the_story(network& net) {
  using step = void (*)(network&, told&);
  constexpr std::array<step, 9> steps{step_1_catalogues, step_2_publication, step_3_application,
                                      step_4_dispatch,   step_5_decisions,   step_6_permit,
                                      step_7_query,      step_8_attacks,     step_9_audit};
  told so_far;
  for (auto const one : steps) {
    must(!is_interrupted(), "interrupted");
    one(net, so_far);
  }
}

void say_where_to_look(network& net) {
  std::cout << "\nThe network stays up; Ctrl-C ends it. Sign in with the password \"" << demo_password << "\":\n";
  for (auto const* id : {"EU", "FR", "FI", "DK"}) {
    auto const people = std::string(id) == "EU"
                            ? "researcher.EU, editor.EU, operator.EU, auditor.EU"
                            : std::string("screener.") + id + ", assessor." + id + ", decider." + id + ", preparer." +
                                  id + ", releaser." + id + ", editor." + id + ", operator." + id + ", auditor." + id;
    std::cout << "  " << net.node(id).name << "\n    " << net.node(id).url() << "/   " << people << '\n';
  }
  std::cout << "The certificates are signed by " << net.folder_of("ca").string()
            << "/ca.pem (import it, or accept the warning).\n"
            << "Everything listens on loopback addresses 127.0.0.1 to 127.0.0.4. From outside a container, forward a "
               "port, for example\n"
            << "  ssh -L 8443:" << net.node("EU").address << ":" << net.node("EU").port
            << " HOST   and open https://127.0.0.1:8443/\n";
  std::cout.flush();
}

void wait_for_the_end(network& net) {
  while (!is_interrupted()) {
    for (auto const& sentence : net.ended_by_themselves()) std::cout << sentence << std::endl;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  tell_quiet("\nending the network");
}

}  // namespace

int run(options const& how) {
  std::signal(SIGINT, note_signal);
  std::signal(SIGTERM, note_signal);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (!how.bring.empty()) check_what_is_brought(how.bring);
    network net(how);
    std::vector<std::string> programs{"ehds-platform"};
    if (net.lacks_health_data()) programs.insert(programs.begin(), "ehds-synthetic");
    must_find_programs(how.program.parent_path(), programs);
    stopwatch preparing;
    net.prepare();
    tell_quiet("prepared in " + in_seconds(preparing.seconds()));
    if (how.once) tell_quiet("--once: the addresses below close when the story is told; without it they stay open");
    stopwatch telling;
    net.start_all_but({"platform"});
    tell_quiet("five nodes are up after " + in_seconds(telling.seconds()));
    tell_the_story(net);
    std::cout << "\nThe story is told: nine steps in " << in_seconds(telling.seconds()) << ".\n";
    if (!how.bring.empty()) answer_what_was_brought(net, how.bring);
    if (how.once) {
      tell_quiet("The addresses above are closed now (--once).");
      return 0;
    }
    say_where_to_look(net);
    wait_for_the_end(net);
    return 0;
  } catch (std::exception const& failed) {
    std::cout.flush();
    std::cerr << "\nThe story stops here: " << failed.what() << '\n';
  }
  return 1;
}

}  // namespace ehds::node::demo
