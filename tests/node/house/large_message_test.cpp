// A large message from one whole node to another over HTTPS: what goes through them must not go into their memory. Both
// nodes live in this process, so the bound is for the two together. EHDS_LARGE_MESSAGE_MB sets the size: 2000 shows
// what AS4 calls the practical limit.
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include "base/ids.hpp"
#include "node/exchange/ledger.hpp"
#include "node/house/two_houses.hpp"
#include "node/store/payload_store.hpp"

using namespace ehds;
using namespace ehds::tests;

namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;
constexpr char const* large_service = "urn:healthdata-eu:secondary-use";

std::uint64_t size_wanted() {
  auto const* const given = std::getenv("EHDS_LARGE_MESSAGE_MB");
  return (given == nullptr ? 96 : std::strtoull(given, nullptr, 10)) * megabyte;
}

// Anonymous memory and the pages of files that are mapped: what the kernel counts against a process.
std::uint64_t resident() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t held = 0;
  file >> all >> held;
  return held * 4096;
}

// Looks at the memory of this process while it lives.
class memory_watch {
 public:
  memory_watch() : start_(resident()), watching_([this] { watch(); }) {}
  ~memory_watch() { stop(); }
  std::uint64_t growth() {
    stop();
    return highest_ > start_ ? highest_ - start_ : 0;
  }

 private:
  void stop() {
    is_over_ = true;
    if (watching_.joinable()) watching_.join();
  }
  void watch() {
    while (!is_over_) {
      highest_ = std::max(highest_, resident());
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }
  std::uint64_t start_;
  std::uint64_t highest_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread watching_;
};

// Random, so that nothing packs it; the same megabyte again and again would not be smaller for gzip's window either.
node::store::prepared_payload large_payload(node::store::database& db, std::uint64_t size) {
  auto const growing = db.payloads().begin().value();
  auto const block = random_bytes(megabyte);
  for (std::uint64_t at = 0; at < size; at += megabyte) REQUIRE(growing->add(block));
  auto ready = growing->finish().value();
  growing->keep();
  return ready;
}

// From France to the centre.
struct large_delivery {
  two_houses net;
  std::uint64_t const size;
  std::string arrived;
  std::uint64_t arrived_size = 0;

  explicit large_delivery(
      std::uint64_t bytes, std::function<void(nlohmann::json&)> agree = [](auto&) {})
      : net([bytes](auto& settings) { settings.limits.message_bytes = std::max(bytes * 11 / 10, 64 * megabyte); },
            [bytes, agree](nlohmann::json& mode) {
              mode["limits"] = {{"message_bytes", bytes * 11 / 10}, {"part_bytes", bytes * 11 / 10}};
              agree(mode);
            }),
        size(bytes) {}

  void listen() {
    net.eu().parts().messages->on_message(
        large_service,
        [this](node::store::transaction&,
               node::exchange::business_message const& message) -> result<node::exchange::verdict> {
          arrived_size = message.attachments_size;
          arrived = message.attachments_payload;
          return node::exchange::verdict{};
        },
        node::exchange::answering::none, node::exchange::attachments_as::payload);
  }
  std::string post(node::store::prepared_payload const& payload) {
    auto& from = net.fr().parts();
    std::string id;
    REQUIRE(from.db->commit([&](node::store::transaction& tx) -> result<void> {
      node::store::payload_store::put(tx, payload);
      auto posted = from.messages->post(tx, {.to_nation = "EU",
                                             .action = "dataAccessApplication",
                                             .content = R"({"application_id":"a1"})",
                                             .attachments_payload = payload.id,
                                             .service = large_service});
      if (!posted) return posted.error();
      id = *posted;
      return {};
    }));
    from.work->nudge();
    return id;
  }
  std::string status_of(std::string const& id) {
    return net.fr().parts().db->read(
        [&](node::store::reading& now) { return node::exchange::find_message(now, id).at(0).status; });
  }
  void wait_for(std::string const& id) {
    for (std::uint64_t tries = 0; tries < 10 + size / (20 * megabyte) && status_of(id) != "delivered"; ++tries)
      static_cast<void>(soon([&] { return status_of(id) == "delivered"; }));
  }
  // Posts, waits, and looks at what came and at the memory meanwhile.
  void carry(char const* how) {
    auto const payload = large_payload(*net.fr().parts().db, size);
    auto const begin = std::chrono::steady_clock::now();
    memory_watch memory;
    auto const id = post(payload);
    wait_for(id);
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    auto const growth = memory.growth();
    CHECK(status_of(id) == "delivered");
    CHECK(arrived_size == size);
    auto const sha256 = net.eu().parts().db->read([&](node::store::reading& now) {
      return now.first("SELECT sha256 FROM store_payload WHERE id = ?", arrived).value().text(0);
    });
    CHECK(sha256 == payload.sha256_hex);
    std::printf("%llu MB %s through two nodes in %.1f s, resident memory of both at most %.1f MB above idle\n",
                static_cast<unsigned long long>(size / megabyte), how, took,
                static_cast<double>(growth) / static_cast<double>(megabyte));
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
    CHECK(growth < 64 * megabyte);
#endif
  }
};

}  // namespace

TEST_CASE("a large message goes through two nodes, and their memory stays as it was") {
  large_delivery from(size_wanted());
  from.net.publish("FR-SNDS");
  from.listen();
  from.carry("pushed");
}

TEST_CASE("a large message is fetched by one node from the other, and their memory stays as it was") {
  large_delivery from(size_wanted(), [](nlohmann::json& mode) {
    mode["binding"] = "pull";
    mode["mpc"] = "urn:example:mpc:EU";
    mode["direction"] = mode["us"]["id"] == "FR" ? "send" : "receive";
    mode["pull_interval_seconds"] = 1;
  });
  from.listen();
  from.wait_for(from.post(from.net.fr().parts().db->payloads().prepare("a small one first").value()));
  from.carry("pulled");
}
