#include "node/house/two_houses.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "node/exchange/kept_bytes.hpp"
#include "node/exchange/ledger.hpp"
#include "node/http/fields.hpp"

namespace ehds::tests {

using nlohmann::json;
using node::identity::role;

namespace {

int free_port() {
  int const door = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(bind(door, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(getsockname(door, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  close(door);
  return ntohs(at.sin_port);
}

}  // namespace

bool soon(std::function<bool()> const& is_so) {
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return false;
}

two_houses::two_houses(std::function<void(node::config::configuration&)> change, std::function<void(json&)> agree)
    : change_(std::move(change)), agree_(std::move(agree)) {
  for (auto const* id : {"EU", "FR"}) ports_[id] = free_port();
  for (auto const* id : {"EU", "FR"}) start(id);
}

two_houses::~two_houses() { stop(); }

json two_houses::pmode(std::string const& us, std::string const& partner) const {
  auto const keys = keys_of(partner).string();
  json mode{
      {"id", us + "-" + partner},
      {"service", {{"value", "urn:healthdata-eu:secondary-use"}, {"type", "urn:ehds:service"}}},
      {"actions", json::array()},
      {"us", {{"id", us}}},
      {"partner", {{"id", partner}}},
      {"address", "https://127.0.0.1:" + std::to_string(ports_.at(partner)) + "/as4"},
      {"certificates", {{"partner_signing", {keys + "/sign.pem"}}, {"partner_encryption", keys + "/encrypt.pem"}}},
      {"retry", {{"initial_delay_seconds", 1}, {"factor", 1.0}, {"max_delay_seconds", 1}}}};
  agree_(mode);
  return mode;
}

void two_houses::settle(node::config::configuration& settings, std::string const& id) {
  std::string const other = id == "EU" ? "FR" : "EU";
  auto const home = folder(id);
  write_json(home / "partners.json", {{"partners", {{{"nation_id", other}, {"party_id", other}}}}});
  write_json(home / "pmodes/one.json", {{"pmodes", {pmode(id, other)}}});
  settings.file = home / "node.json";
  settings.store = home / "store";
  settings.partners.file = home / "partners.json";
  settings.partners.pmodes = home / "pmodes";
  if (id == "FR") settings.catalogue.records = EHDS_SOURCE_DIR "/node/demo/records/FR";
  node::config::listen_section door;
  door.port = static_cast<std::uint16_t>(ports_.at(id));
  door.tls = node::config::tls_section{keys_of(id) / "tls.pem", keys_of(id) / "tls.key", {}, {}};
  settings.listen = {door};
  change_(settings);
}

void two_houses::start(std::string const& id) {
  houses_[id] = std::make_unique<one_house>(id, [this, id](auto& settings) { settle(settings, id); });
  auto const started = houses_[id]->house().start();
  if (!started) FAIL(to_text(started.error().front()));
}

void two_houses::stop(std::string const& id) { houses_.erase(id); }

void two_houses::stop() { houses_.clear(); }

std::string two_houses::publish(std::string const& dataset) {
  auto const path = "/api/datasets/" + node::http::percent_encode(dataset);
  REQUIRE(fr().as({role::catalogue_editor}, "POST", path + "/publication").status == 204);
  json record;
  REQUIRE(soon([&] {
    record = json_of(fr().ask("GET", path));
    return record.at("publication").at("state") != "sent";
  }));
  CHECK(record.at("publication").at("state") == "accepted");
  return record.at("publication").at("message_id").get<std::string>();
}

std::string two_houses::raw_at_centre(std::string const& message) {
  auto& db = *eu().parts().db;
  return db.read([&](node::store::reading& now) {
    auto const entries = node::exchange::find_message(now, message);
    REQUIRE(entries.size() == 1);
    auto const kept = texts_of(now, db.payloads(), entries[0].seq).value();
    return "Content-Type: " + kept.raw_type + "\r\n\r\n" + kept.raw;
  });
}

std::string two_houses::write_config(std::string const& id) {
  json config{{"listen", json::array({{{"address", "127.0.0.1"}, {"port", 0}}})},
              {"node", {{"id", id}, {"country", id}, {"role", id == "EU" ? "central" : "national"}}},
              {"store", {{"folder", "store"}}},
              {"keys", {{"folder", keys_of(id).string()}}},
              {"partners", {{"file", "partners.json"}, {"pmodes", "pmodes"}}}};
  if (id != "EU") config["policy_pack"] = EHDS_SOURCE_DIR "/policies/packs/fr.json";
  write_json(folder(id) / "node.json", config);
  return (folder(id) / "node.json").string();
}

}  // namespace ehds::tests
