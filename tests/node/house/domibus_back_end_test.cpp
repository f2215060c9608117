// Back ends that were written for Domibus and wait for its push: over real doors, between running nodes.
#include <catch2/catch.hpp>
#include <mutex>

#include "base/bytes.hpp"
#include "edelivery/backend/envelopes.hpp"
#include "edelivery/backend/push.hpp"
#include "node/house/two_houses.hpp"
#include "node/http/io_thread.hpp"
#include "node/http/server.hpp"

using namespace ehds;
using namespace ehds::tests;
using namespace ehds::edelivery::tests;
using nlohmann::json;
using node::identity::role;

namespace {

// Two programs of the countries at one address each: they answer the first call of each with a fault.
struct waiting_back_ends {
  struct call {
    std::string path, body, authorization, type;
  };
  std::mutex guard;
  std::vector<call> calls;
  system_clock const wall;
  node::http::io_thread io;
  std::unique_ptr<node::http::server> door = node::http::server::bind(io, {{node::http::listener{}}}, wall).value();

  waiting_back_ends() {
    door->start({{"public", node::http::application{.answer = [this](node::http::request const& asked) {
                    std::scoped_lock const lock(guard);
                    bool const is_first =
                        std::ranges::none_of(calls, [&](call const& one) { return one.path == asked.path; });
                    calls.push_back({asked.path, asked.body, std::string(asked.header("Authorization")),
                                     std::string(asked.header("Content-Type"))});
                    namespace plugin = edelivery::backend;
                    return node::http::bytes(
                        is_first ? plugin::write_push_fault("0001", "not now") : plugin::write_push_taken(),
                        "application/soap+xml; charset=utf-8");
                  }}}});
  }
  std::string url() const { return door->listeners().front().url(); }
  std::vector<call> at(std::string const& path) {
    std::scoped_lock const lock(guard);
    std::vector<call> found;
    for (auto const& one : calls)
      if (one.path == path) found.push_back(one);
    return found;
  }
};

}  // namespace

TEST_CASE("running nodes tell back ends as a Domibus does what came and what was delivered, until it is taken") {
  waiting_back_ends programs;
  two_houses net(
      [&](auto& settings) {
        settings.back_ends = {{"erp",
                               {{"bdx:noprocess", {}}},
                               programs.url() + "/" + settings.node.id,
                               "a secret",
                               node::config::webhook_kind::domibus,
                               "node"}};
      },
      [](json& mode) {
        mode["service"] = {{"value", "bdx:noprocess"}, {"type", "tc1"}};
        mode["us"]["type"] = "urn:t";
        mode["partner"]["type"] = "urn:t";
        mode["roles"] = {{"initiator", "urn:sender"}, {"responder", "urn:receiver"}};
      });
  auto const key = net.fr().key_with({role::back_end});
  auto const sent =
      net.fr().ask("POST", "/services/wsplugin",
                   {{"Authorization", "Basic " + to_base64("erp:" + key)}, {"Content-Type", "application/soap+xml"}},
                   submitting("<ns:MessageInfo><ns:MessageId>one@erp.fr</ns:MessageId></ns:MessageInfo>" + parties +
                                  collaboration + properties + payload_info(listed_part("cid:message")),
                              payload("cid:message", "aGk=")));
  INFO(sent.body);
  REQUIRE(sent.status == 200);
  for (auto const& [path, word] : {std::pair("/EU", "receiveSuccess"), std::pair("/FR", "sendSuccess")}) {
    INFO(path);
    REQUIRE(soon([&] { return programs.at(path).size() >= 2; }));
    auto const calls = programs.at(path);
    CHECK(calls[0].body == calls[1].body);  // the first was not taken
    CHECK(calls[1].body.find("<d:" + std::string(word) +
                             R"( xmlns:d="eu.domibus"><messageID>one@erp.fr</messageID>)") != std::string::npos);
    CHECK(calls[1].authorization == "Basic " + to_base64("node:a secret"));
    CHECK(calls[1].type.starts_with("application/soap+xml"));
  }
}
