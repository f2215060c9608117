// More who want to be served than there are places, over real sockets.
#include <poll.h>

#include <catch2/catch.hpp>
#include <future>
#include <thread>

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

constexpr std::size_t places = 4;
system_clock const time_of_crowd;

// So that the server, whose clock counts milliseconds, can tell who was first.
void let_time_pass() {
  auto const began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < 4ms) std::this_thread::yield();
}

struct small_server {
  io_thread io;
  std::unique_ptr<server> served;

  explicit small_server(handler answer, listener door = {}) {
    server_limits limits;
    limits.connections = places;
    limits.workers = places;
    served = server::bind(io, {{std::move(door)}, limits, [](std::string const&) {}}, time_of_crowd).value();
    served->start({{"public", {std::move(answer)}}});
  }
  std::string url() const { return served->listeners().front().url() + "/"; }
  std::unique_ptr<stranger> one_more() const {
    auto const before = served->load().connections;
    auto made = std::make_unique<stranger>(served->listeners().front().port);
    while (served->load().connections == before) std::this_thread::yield();
    let_time_pass();
    return made;
  }
};

}  // namespace

TEST_CASE("a newcomer takes the place of the connection that was idle longest, and is served at once") {
  std::promise<void> begun, release;
  auto const released = release.get_future().share();
  small_server const r([&begun, released](request const& asked) {
    if (asked.path == "/slow") {
      begun.set_value();
      released.wait();
    }
    return text("served");
  });
  std::vector<std::unique_ptr<stranger>> crowd;
  for (std::size_t i = 0; i < places; ++i) crowd.push_back(r.one_more());
  // The first is served meanwhile and waits again, the second is in a request: the third is idle longest now.
  crowd[0]->say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(crowd[0]->hear().find("200") != std::string::npos);
  crowd[1]->say("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
  begun.get_future().wait();

  stranger const fifth(r.served->listeners().front().port);
  fifth.say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");

  CHECK(fifth.hear().find("200") != std::string::npos);
  CHECK(crowd[2]->hear().empty());
  for (auto const open : {0U, 1U, 3U}) CHECK(crowd[open]->is_open());
  CHECK(r.served->load().idle_dropped == 1);
  release.set_value();
  CHECK(crowd[1]->hear().find("200") != std::string::npos);
}

TEST_CASE("many newcomers one after the other are all served past a silent crowd") {
  small_server const r([](request const&) { return text("served"); });
  std::vector<std::unique_ptr<stranger>> crowd;
  for (std::size_t i = 0; i < places; ++i) crowd.push_back(r.one_more());
  std::vector<std::unique_ptr<stranger>> more;
  for (int i = 0; i < 50; ++i) {
    more.push_back(std::make_unique<stranger>(r.served->listeners().front().port));
    more.back()->say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(more.back()->hear().find("200") != std::string::npos);
  }
  CHECK(r.served->load().idle_dropped == 50);
  CHECK(r.served->load().connections <= places + 1);
}

TEST_CASE("silence before the TLS handshake is idleness too") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  server_tls const tls{certificates.file("server.pem"), certificates.file("server.key"), client_certificates::none, {}};
  small_server r([](request const&) { return text("served"); }, {.tls = tls});
  std::vector<std::unique_ptr<stranger>> crowd;
  for (std::size_t i = 0; i < places; ++i) crowd.push_back(r.one_more());
  client_options trusting;
  trusting.tls.ca = certificates.ca();

  auto const newcomer = client::make(r.io, trusting).value();

  CHECK(newcomer->call({.url = r.url(), .timeout = 8s}).value().status == 200);  // a handshake may take ten
  CHECK(crowd[0]->hear().empty());
  CHECK(crowd[1]->is_open());
  CHECK(r.served->load().idle_dropped == 1);
  CHECK(r.served->stop(5s));  // though three still shake hands
}

TEST_CASE("nobody in a request is closed for a newcomer, who waits until one ends") {
  std::promise<void> release;
  auto const released = release.get_future().share();
  small_server const r([released](request const&) {
    released.wait();
    return text("served");
  });
  std::vector<std::unique_ptr<stranger>> crowd;
  for (std::size_t i = 0; i < places; ++i) {
    crowd.push_back(r.one_more());
    crowd.back()->say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  }
  while (r.served->load().running < places) std::this_thread::yield();

  stranger const fifth(r.served->listeners().front().port);
  fifth.say("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  pollfd patience{fifth.socket, POLLIN, 0};
  CHECK(::poll(&patience, 1, 100) == 0);
  for (auto const& one : crowd) CHECK(one->is_open());
  release.set_value();

  for (auto const& one : crowd) CHECK(one->hear().find("200") != std::string::npos);
  CHECK(fifth.hear().find("200") != std::string::npos);
}
