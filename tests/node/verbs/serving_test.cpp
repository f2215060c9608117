// The program while it serves: what does not stop it.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <future>

#include "node/house/one_house.hpp"
#include "node/http/client.hpp"
#include "node/telemetry/unread_pipe.hpp"
#include "node/verbs/serving_program.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

struct served_folder {
  fresh_folder folder;
  unread_pipe log;
  node::http::io_thread io;
  std::unique_ptr<node::http::client> caller = node::http::client::make(io).value();

  std::filesystem::path file() const { return folder / "node.json"; }

  void configure(json const& more = json::object()) const {
    auto const door = [](char const* side) { return json{{"address", "127.0.0.1"}, {"port", 0}, {"serves", side}}; };
    json config{{"node", {{"id", "FR"}, {"country", "FR"}}},
                {"listen", json::array({door("public"), door("internal")})},
                {"store", {{"folder", "store"}}},
                {"keys", {{"folder", keys_of("FR").string()}}},
                {"policy_pack", EHDS_SOURCE_DIR "/policies/packs/fr.json"}};
    config.update(more);
    write_json(file(), config);
  }

  int status_of(std::string const& url, std::string const& body = {}) const {
    http_call_request asked{.method = body.empty() ? "GET" : "POST", .url = url, .body = body};
    auto const answer = caller->call(asked);
    return answer ? answer->status : 0;
  }

  std::string measures(serving_program const& node) const {
    return caller->call({.url = node.url_of("internal") + "/metrics"}).value().body;
  }
};

}  // namespace

TEST_CASE("a node that was started with few descriptors takes all that it may have") {
  served_folder at;
  at.configure();
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  auto few = before;
  few.rlim_cur = 256;
  REQUIRE(few.rlim_cur < few.rlim_max);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  serving_program const node(at.file(), at.log.writer());
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(node.is_ready());
  rlimit taken{};
  REQUIRE(prlimit(node.id(), RLIMIT_NOFILE, nullptr, &taken) == 0);
  CHECK(taken.rlim_cur == before.rlim_max);
}

TEST_CASE("a node whose log nobody reads goes on answering, and says everything once it is read") {
  served_folder at;
  at.configure({{"limits", {{"unproven_at_once", 100}}}});
  at.log.fill();
  serving_program node(at.file(), at.log.writer());
  at.log.close_writer();
  REQUIRE(node.is_ready());

  constexpr int refused = 40;
  for (int i = 0; i < refused; ++i) REQUIRE(at.status_of(node.url_of("public") + "/as4", "<html/>") != 0);
  CHECK(at.status_of(node.url_of("internal") + "/livez") == 200);
  CHECK(at.measures(node).find("\nehds_log_lines_dropped_total 0\n") != std::string::npos);

  auto read = std::async(std::launch::async, [&] { return at.log.read_all(); });
  CHECK(node.end() == 0);
  auto const text = read.get();
  int lines = 0;
  for (auto place = text.find("as4.refused"); place != std::string::npos; place = text.find("as4.refused", place + 1))
    ++lines;
  CHECK(lines == refused);
}

TEST_CASE("a node whose log nobody reads ends when it is told to") {
  served_folder at;
  at.configure();
  at.log.fill();
  serving_program node(at.file(), at.log.writer());
  REQUIRE(node.is_ready());
  CHECK(at.status_of(node.url_of("public") + "/as4", "<html/>") != 0);
  CHECK(node.end() == 0);
}

TEST_CASE("SIGHUP looks at the configuration again, says what it found and ends nothing") {
  served_folder at;
  at.configure();
  serving_program node(at.file(), at.log.writer());
  REQUIRE(node.is_ready());
  auto const ready = [&] { return at.status_of(node.url_of("internal") + "/readyz"); };

  node.signal(SIGHUP);
  CHECK(at.log.read_until("A restart takes it up.").find("configuration.good") != std::string::npos);
  CHECK(ready() == 200);

  at.configure({{"nodes", 1}, {"policy_pack", "nowhere.json"}});
  node.signal(SIGHUP);
  auto const said = at.log.read_until("configuration.not_good");
  CHECK(said.find("\"event\":\"configuration.finding\",\"detail\":\"") != std::string::npos);
  CHECK(said.find("/nodes") != std::string::npos);
  CHECK(ready() == 200);
  CHECK(node.end() == 0);
}

TEST_CASE("a closed terminal ends no node: SIGHUP, and a standard error that is gone") {
  served_folder at;
  at.configure();
  serving_program node(at.file(), at.log.writer());
  REQUIRE(node.is_ready());
  at.log.close_reader();
  node.signal(SIGHUP);
  for (int i = 0; i < 5; ++i) CHECK(at.status_of(node.url_of("public") + "/as4", "<html/>") != 0);
  CHECK(at.status_of(node.url_of("internal") + "/readyz") == 200);
  CHECK(node.end() == 0);
}
