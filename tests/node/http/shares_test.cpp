// One address that has us hold much, over real sockets: what is left to others.
#include <poll.h>

#include <catch2/catch.hpp>
#include <future>

#include "node/http/server.hpp"
#include "node/http/stranger.hpp"

using namespace ehds;
using namespace ehds::node::http;
using ehds::tests::stranger;

namespace {

constexpr std::size_t share = 1'000'000;
constexpr std::size_t most_of_it = 700'000;
system_clock const time_of_shares;

// A disk of which only the bytes that came are known.
class counting_spool final : public body_spool, byte_sink {
 public:
  explicit counting_spool(std::atomic<std::size_t>& came) : came_(came) {}
  byte_sink& sink() override { return *this; }
  byte_source const& source() const override { return none_; }

 private:
  result<void> add(std::string_view bytes) override {
    came_ += bytes.size();
    return {};
  }

  std::atomic<std::size_t>& came_;
  memory_source none_{""};
};

// A public door and an internal one; whoever asks for /wait is answered when the test lets him.
struct two_doors {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> waiting{0};
  std::atomic<std::size_t> came{0};  // to disk
  io_thread io;
  std::unique_ptr<server> served;

  explicit two_doors(server_limits limits) {
    limits.held_bytes = 8 * share;
    limits.spooled_bytes = 8 * share;
    listener inside;
    inside.serves = "internal";
    inside.trusts_peers = true;
    served = server::bind(io, {{listener{}, inside}, limits, [](std::string const&) {}}, time_of_shares).value();
    application all;
    all.answer = [this](request const& asked) {
      if (asked.path == "/wait") {
        ++waiting;
        released.wait();
      }
      return text("served");
    };
    all.body_limit = [](std::string_view, std::string_view) { return 10 * share; };
    all.spool = [this](std::string_view, std::string_view path) -> spool_maker {
      if (path != "/large") return {};
      return [this] { return result<std::unique_ptr<body_spool>>(std::make_unique<counting_spool>(came)); };
    };
    served->start({{"public", all}, {"internal", all}});
  }
  std::uint16_t port(std::size_t door) const { return served->listeners()[door].port; }

  // One whose body is held until the test releases it.
  std::unique_ptr<stranger> holder(std::size_t door, std::size_t size, char const* address = "127.0.0.1") {
    auto const before = waiting.load();
    auto made = std::make_unique<stranger>(port(door), 0, address);
    made->say(post("/wait", size));
    for (int i = 0; i < 5'000 && waiting == before; ++i) ::poll(nullptr, 0, 1);
    REQUIRE(waiting == before + 1);
    return made;
  }
  // The status that another gets meanwhile.
  std::string status(std::size_t door, std::string const& question, char const* address = "127.0.0.1") const {
    stranger const asking(port(door), 0, address);
    asking.say(question);
    return asking.hear().substr(9, 3);
  }
  static std::string post(std::string const& path, std::size_t size) {
    return "POST " + path + " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  }
};

std::string const bodiless = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";

}  // namespace

TEST_CASE("an address that holds its share gets 503 for more; others, requests without a body and the inside go on") {
  two_doors r{server_limits{}};
  auto const holder = r.holder(0, most_of_it);
  auto const more = two_doors::post("/", most_of_it);

  CHECK(r.status(0, more) == "503");
  CHECK(r.status(0, bodiless) == "200");
  CHECK(r.status(0, two_doors::post("/", 1'000)) == "200");  // there is a little left
  CHECK(r.status(0, more, "127.0.0.2") == "200");
  CHECK(r.status(1, more) == "200");

  r.release.set_value();
  CHECK(holder->hear().find("200") != std::string::npos);
  CHECK(r.status(0, more) == "200");
}

TEST_CASE("where strangers hold all there is, the inside still has its own") {
  two_doors r{server_limits{}};
  std::vector<std::unique_ptr<stranger>> crowd;
  char const* const addresses[] = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};
  for (auto const* const address : addresses) crowd.push_back(r.holder(0, 8 * share / 3, address));
  auto const more = two_doors::post("/", most_of_it);

  CHECK(r.status(0, more) == "503");
  CHECK(r.status(0, bodiless) == "200");
  CHECK(r.status(1, more) == "200");
  crowd.push_back(r.holder(1, most_of_it));
  CHECK(r.status(1, more) == "200");  // an address inside may hold more than a share
  r.release.set_value();
  for (auto const& one : crowd) CHECK(one->hear().find("200") != std::string::npos);
}

TEST_CASE("where one address may take all connections, as behind a proxy, it may hold all there is") {
  server_limits limits;
  limits.connections_per_peer = limits.connections;
  two_doors r{limits};
  auto const holder = r.holder(0, 2 * share);
  CHECK(r.status(0, two_doors::post("/", 2 * share)) == "200");
  r.release.set_value();
  CHECK(holder->hear().find("200") != std::string::npos);
}

TEST_CASE("an address whose large bodies fill its share of the disk gets 503 for more, and others do not") {
  two_doors r{server_limits{}};
  // Its body does not end while the others ask.
  stranger const slow(r.port(0), 0, "127.0.0.1");
  slow.say("POST /large HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(2 * share) + "\r\n\r\n" +
           std::string(9 * share / 10, 'x'));
  auto const large = two_doors::post("/large", most_of_it);
  for (int i = 0; i < 5'000 && r.came < most_of_it; ++i) ::poll(nullptr, 0, 1);

  CHECK(r.status(0, large) == "503");
  CHECK(r.status(0, large, "127.0.0.2") == "200");
  CHECK(r.status(1, large) == "200");
  slow.say(std::string(2 * share - 9 * share / 10, 'x'));
  CHECK(slow.hear().find("200") != std::string::npos);  // one alone may be larger than the share
  CHECK(r.status(0, large) == "200");
}
