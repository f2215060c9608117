// ehds-platform: the local secure platform of the demo. An outsider: it shares no code with the node but base.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "base/clock.hpp"
#include "conformance/platform/answers.hpp"
#include "conformance/platform/tiny_http.hpp"

namespace {

using namespace ehds;
using namespace ehds::conformance::platform;

volatile std::sig_atomic_t stopping = 0;
extern "C" void stop_on_signal(int) { stopping = 1; }

constexpr char const* usage = "usage: ehds-platform --listen 127.0.0.1:PORT --folder DIR\n";

int run(std::string const& address, std::string const& folder) {
  handover_folder kept{folder};
  system_clock const now;
  auto const reply = [&](plain_request const& request) -> plain_response {
    try {
      return answer(request, kept, now);
    } catch (std::exception const& broken) {
      std::fprintf(stderr, "ehds-platform: %s\n", broken.what());
      return {503, R"({"status":503,"detail":"The platform cannot keep it now."})"};
    }
  };
  auto const ready = [](int port) {
    std::printf("ehds-platform listens on port %d\n", port);
    std::fflush(stdout);
  };
  serve(address, reply, ready, stopping);
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  std::string address;
  std::string folder;
  for (int i = 1; i + 1 < count; i += 2) {
    std::string const option = words[i];
    if (option == "--listen") address = words[i + 1];
    if (option == "--folder") folder = words[i + 1];
  }
  if (count != 5 || address.empty() || folder.empty()) {
    std::fputs(usage, stderr);
    return 2;
  }
  std::signal(SIGINT, stop_on_signal);
  std::signal(SIGTERM, stop_on_signal);
  return run(address, folder);
} catch (std::exception const& broken) {
  std::fprintf(stderr, "ehds-platform: %s\n", broken.what());
  return 1;
}
