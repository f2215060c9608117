// A thousand clients who send a good request and then read the answer a byte at a time, or not at all.
#include <malloc.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>

#include "node/http/client.hpp"
#include "node/http/server.hpp"
#include "node/http/stranger.hpp"
#include "node/http/throwaway_certificates.hpp"

using namespace ehds;
using namespace ehds::node::http;
using namespace std::chrono_literals;
using ehds::tests::stranger;
using ehds::tests::throwaway_certificates;

namespace {

constexpr std::size_t crowd_size = 1'000;
constexpr std::size_t request_size = 100'000;
constexpr std::size_t held_at_most = 80'000'000;  // less than their requests and what is sent to them together
system_clock const time_of_readers;

// More than any socket takes, and nothing that is kept anywhere.
class endless_answer final : public byte_source {
 public:
  std::uint64_t size() const override { return std::uint64_t{1} << 30; }
  result<std::string_view> look(std::uint64_t, std::size_t most, std::string& space) const override {
    space.assign(most, 'x');
    return space;
  }
};

// Takes messages, each by its number, and answers those of the crowd at length.
struct patient_server {
  std::mutex guard;
  std::set<std::string> taken;
  io_thread io;
  std::unique_ptr<server> served;
  std::unique_ptr<client> other;

  explicit patient_server(listener door = {}, client_options options = {}) {
    server_limits limits;
    limits.connections_per_peer = limits.connections;
    limits.workers = 4;
    limits.queue = 2 * crowd_size;
    limits.grace = 1'500ms;
    limits.slowest = 64 * 1024;
    limits.held_bytes = held_at_most;
    served = server::bind(io, {{std::move(door)}, limits, [](std::string const&) {}}, time_of_readers).value();
    handler const answer = [this](request const& asked) {
      {
        std::scoped_lock const lock(guard);
        taken.insert(asked.body.substr(0, asked.body.find(' ')));
      }
      return asked.path == "/long" ? streamed(std::make_shared<endless_answer>(), "text/plain") : text("served");
    };
    served->start({{"public", {answer, [](std::string_view, std::string_view) { return 2 * request_size; }}}});
    other = client::make(io, std::move(options)).value();
  }
  std::size_t count() {
    std::scoped_lock const lock(guard);
    return taken.size();
  }
  std::uint16_t port() const { return served->listeners().front().port; }
  std::string url() const { return served->listeners().front().url(); }
};

std::string long_question(std::size_t number) {
  auto body = std::to_string(number) + " ";
  body.resize(request_size, '.');
  return "POST /long HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::size_t memory_in_use() {
  auto const seen = ::mallinfo2();  // 0 under a sanitizer, whose allocator it is not
  return seen.uordblks + seen.hblkhd;
}

// A byte of each second one.
void read_a_little(std::vector<std::unique_ptr<stranger>> const& crowd) {
  for (std::size_t i = 0; i < crowd.size(); i += 2) {
    char byte = 0;
    static_cast<void>(::recv(crowd[i]->socket, &byte, 1, MSG_DONTWAIT));
  }
}

}  // namespace

TEST_CASE("a thousand who read their answers slowly, or never, hold up nobody, hold little, and are cut in time") {
  patient_server r;
  auto const before = memory_in_use();
  std::vector<std::unique_ptr<stranger>> crowd;
  for (std::size_t i = 0; i < crowd_size; ++i) {
    crowd.push_back(std::make_unique<stranger>(r.port(), 4096));
    crowd.back()->say(long_question(i));
    // Some of the first are cut before the last has come, when the machine is busy.
    if (i % 10 != 9) continue;
    auto const began = std::chrono::steady_clock::now();
    auto const answer = r.other->call({.method = "POST", .url = r.url() + "/", .body = std::string(request_size, 'o')});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(std::chrono::steady_clock::now() - began < 1s);
    read_a_little(crowd);
  }
  auto const patience = std::chrono::steady_clock::now() + 30s;
  while (r.count() < crowd_size + 1 && std::chrono::steady_clock::now() < patience) read_a_little(crowd);
  CHECK(r.count() == crowd_size + 1);  // each message of theirs was taken, and those of the other
  CHECK(memory_in_use() - before < held_at_most + crowd_size * 10'000);

  // Only the other one's connection is left.
  while (r.served->load().connections > 1 && std::chrono::steady_clock::now() < patience) {
    read_a_little(crowd);
    ::poll(nullptr, 0, 10);
  }
  CHECK(r.served->load().connections <= 1);
  CHECK(r.served->load().refused == 0);
  CHECK(r.other->call({.url = r.url() + "/"}).value().status == 200);
}

TEST_CASE("so are those who read slowly under TLS") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  client_options trusting;
  trusting.tls.ca = certificates.ca();
  server_tls const keys{
      certificates.file("server.pem"), certificates.file("server.key"), client_certificates::none, {}};
  patient_server r({.tls = keys}, trusting);
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> const terms(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  std::vector<std::unique_ptr<stranger>> crowd;
  std::vector<std::unique_ptr<SSL, decltype(&SSL_free)>> secured;
  for (std::size_t i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<stranger>(r.port(), 4096));
    secured.emplace_back(SSL_new(terms.get()), SSL_free);
    REQUIRE(SSL_set_fd(secured.back().get(), crowd.back()->socket) == 1);
    REQUIRE(SSL_connect(secured.back().get()) == 1);
    auto const said = long_question(i);
    REQUIRE(SSL_write(secured.back().get(), said.data(), static_cast<int>(said.size())) ==
            static_cast<int>(said.size()));
  }
  CHECK(r.other->call({.url = r.url() + "/"}).value().status == 200);
  auto const patience = std::chrono::steady_clock::now() + 30s;
  while (r.served->load().connections > 1 && std::chrono::steady_clock::now() < patience) ::poll(nullptr, 0, 10);
  CHECK(r.served->load().connections <= 1);
  CHECK(r.count() == 41);
}

TEST_CASE("answers that nobody reads count as held: their address is to come again for more, nobody else") {
  io_thread io;
  server_limits limits;
  limits.grace = 20s;
  limits.held_bytes = 8 * 30'000'000;
  auto const served = server::bind(io, {{listener{}}, limits, [](std::string const&) {}}, time_of_readers).value();
  handler const answer = [](request const& asked) {
    return asked.path == "/short" ? text("served") : bytes(std::string(20'000'000, 'x'), "text/plain");
  };
  served->start({{"public", {answer}}});
  auto const port = served->listeners().front().port;
  std::string const question = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
  {
    stranger const silent(port, 4096);
    silent.say(question);
    CHECK(silent.hear().find("200") != std::string::npos);  // it is being answered
    stranger const again(port);
    again.say(question);
    auto const told = again.hear();
    CHECK(told.find("503") != std::string::npos);
    CHECK(told.find("Retry-After") != std::string::npos);
    again.say("GET /short HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(again.hear().find("200") != std::string::npos);
    stranger const other(port, 0, "127.0.0.2");
    other.say(question);
    CHECK(other.hear().find("200") != std::string::npos);
  }
  while (served->load().connections > 0) ::poll(nullptr, 0, 1);
  stranger const later(port);
  later.say(question);
  CHECK(later.hear().find("200") != std::string::npos);
}
