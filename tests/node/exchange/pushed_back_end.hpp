#pragma once
// EU has a back end that lives on messages which a Domibus pushes whole; FR sends to it.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "edelivery/backend/push.hpp"
#include "node/exchange/back_end_box.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/submission.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {

using exchange::domibus_push;
using exchange::way;
namespace plugin = edelivery::backend;
using names = std::vector<std::string>;

// That gzip does not shrink.
inline std::string rough_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 7;
  for (auto& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

struct pushed_back_end {
  two_nodes nodes;
  std::vector<http_call_request> calls;
  http_call_response answer{200, {{"Content-Type", "application/soap+xml"}}, plugin::write_push_taken()};
  std::function<void()> while_called = [] {};
  names troubles;
  names aside;  // "id: why"
  std::vector<exchange::notice_news> news;
  exchange::webhook hook{"erp",
                         "https://erp.example/backend",
                         "a secret",
                         [this](exchange::notice_news const& one) { hear(one); },
                         exchange::webhook_speech::domibus,
                         "node",
                         {domibus_push::message}};

  pushed_back_end() {
    for (auto* node : {&nodes.fr, &nodes.eu}) {
      node->back_ends = {{"erp", {{"urn:nobody", {}}}}};
      node->start();
    }
    nodes.wire.endpoints[hook.url] = [this](http_call_request const& request) {
      calls.push_back(request);
      while_called();
      return answer;
    };
  }

  std::string send(std::vector<std::string> const& parts = {"<order/>"}) {
    exchange::submission order{.caller = "key:1",
                               .back_end = "erp",
                               .idempotency_key = random_uuid(),
                               .pmode_id = "urn:nobody/EU",
                               .action = "order"};
    std::vector<std::unique_ptr<memory_source>> sources;
    for (auto const& bytes : parts) {
      sources.push_back(std::make_unique<memory_source>(bytes));
      order.parts.push_back({"part" + std::to_string(sources.size()),
                             "text/xml",
                             "",
                             {{"PayloadName", "order.xml", ""}},
                             sources.back().get()});
    }
    order.properties = {{"finalRecipient", "C4", ""}};
    auto const taken = exchange::submit(nodes.fr->desk, order);
    REQUIRE(taken);
    nodes.fr->sender.run_once(nodes.time.now());
    return taken->message_id;
  }

  void hear(exchange::notice_news const& one) {
    news.push_back(one);
    using enum exchange::notice_news::kind;
    if (one.what == refused) troubles.push_back(one.why);
    if (one.what == set_aside) aside.push_back(one.message_id + ": " + one.why);
  }
  // A worker that knows nothing but the store.
  bool run_at(test_node& node) { return exchange::notice_worker(node->db, nodes.wire, nodes.time, hook).run_once(); }
  bool run() { return run_at(nodes.eu); }
  void refuse() { answer.body = plugin::write_push_fault("0001", "not now"); }
  void take() { answer.body = plugin::write_push_taken(); }
  void wait() { nodes.time.advance(std::chrono::minutes{15}); }

  std::variant<plugin::push_notice, plugin::retrieved_message> heard(std::size_t call) const {
    auto said = plugin::read_push(memory_source(calls.at(call).body));
    INFO((said ? std::string("read") : to_text(said.error())));
    REQUIRE(said);
    return *std::move(said);
  }
  plugin::retrieved_message message(std::size_t call) const { return std::get<plugin::retrieved_message>(heard(call)); }
  std::string bytes(std::size_t call, plugin::carried_payload const& payload) const {
    if (payload.base64.empty()) return payload.bytes;
    string_sink into;
    auto const text = std::string_view(calls.at(call).body).substr(payload.base64.at, payload.base64.size);
    REQUIRE(plugin::decode_base64(memory_source(text), into));
    return into.text;
  }
  // "m: id" for a message, else the operation.
  names words() const {
    names all;
    for (std::size_t n = 0; n < calls.size(); ++n) {
      auto const& text = calls[n].body;
      auto const at = text.find("<soap:Body><d:") + 14;
      auto const word = text.substr(at, text.find_first_of(" >", at) - at);
      all.push_back(word == "submitRequest" ? "m: " + message(n).header.message_id : word);
    }
    return all;
  }
  names waiting() {
    names ids;
    for (auto const& one : nodes.eu->db.read([](store::reading& now) { return exchange::waiting(now, {}); }))
      ids.push_back(one.entry.message_id);
    return ids;
  }
  void fetch(std::string const& id) {
    REQUIRE(nodes.eu->db.commit(
        [&](store::transaction& tx) { return exchange::mark_processed(tx, id, "erp", "key:2", nodes.time.now()); }));
  }
  names untold(test_node& node) {
    return node->db.read([](store::reading& now) { return exchange::untold_messages(now, "erp", 10); });
  }
};

}  // namespace ehds::tests
