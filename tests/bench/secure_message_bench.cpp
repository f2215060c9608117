// What securing and opening one message costs, beside the least it could cost: one SHA-256 over the payload.
#include "base/bytes.hpp"
#include "edelivery/security/issue.hpp"
#include "edelivery/security/secure_message.hpp"

#include <chrono>
#include <cstdio>
#include <functional>

using namespace ehds;
using namespace ehds::edelivery;

namespace {

// Milliseconds for one call, over at least a third of a second.
double cost(std::function<void()> const& work) {
  using clock_type = std::chrono::steady_clock;
  auto const begin = clock_type::now();
  int calls = 0;
  do {
    work();
    ++calls;
  } while (clock_type::now() - begin < std::chrono::milliseconds(350));
  return std::chrono::duration<double, std::milli>(clock_type::now() - begin).count() / calls;
}

credentials issued(char const* name, certificate_use use) {
  certificate_request request;
  request.common_name = name;
  request.use = use;
  request.not_before = instant{};
  return issue_certificate(request).value();
}

}  // namespace

int main() {
  auto const sender = issued("sender", certificate_use::signing);
  auto const receiver = issued("receiver", certificate_use::encryption);
  auto const profile = edelivery_1_15_rsa();
  opening const terms{profile, {{sender.cert}, {}, ""}, {receiver}, instant{std::chrono::hours(1)}};

  std::printf("%-12s %10s %10s %12s %10s %8s\n", "payload", "sign ms", "encrypt ms", "open ms", "sha256 ms", "ratio");
  for (std::size_t const size : {std::size_t{1} << 10, std::size_t{1} << 20, std::size_t{1} << 25}) {
    std::vector<payload_part> const parts = {{"payload@bench", "application/gzip", std::string(size, 'x')}};
    auto const signed_once = sign("<eb:UserMessage/>", parts, profile, sender).value();
    auto const sealed = encrypt(signed_once, profile, receiver.cert).value();
    double const signing = cost([&] { (void)sign("<eb:UserMessage/>", parts, profile, sender).value(); });
    double const sealing = cost([&] { (void)encrypt(signed_once, profile, receiver.cert).value(); });
    double const opening_it = cost([&] {
      auto const envelope = parse_envelope(sealed.soap);
      (void)verify_and_decrypt(*envelope, sealed.parts, terms).value();
    });
    double const floor = cost([&] { (void)sha256(parts[0].body); });
    std::printf("%9zu kB %10.3f %10.3f %12.3f %10.3f %8.1f\n", size >> 10, signing, sealing, opening_it, floor,
                (signing + sealing + opening_it) / floor);
  }
  return 0;
}
