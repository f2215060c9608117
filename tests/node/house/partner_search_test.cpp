// A partner is found over real sockets: DNS by UDP, the publisher by HTTP, the answer kept in a real store.
#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>

#include "edelivery/discovery/records.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/discovered_partners.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/ledger.hpp"
#include "node/house/one_house.hpp"
#include "node/house/partner_lookup.hpp"
#include "node/http/client.hpp"
#include "node/http/naptr_query.hpp"
#include "node/http/server.hpp"
#include "node/http/small_dns.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace ehds::edelivery::tests;

namespace {

system_clock const wall;

struct network {
  ehds::tests::fresh_folder const folder;
  std::map<std::string, std::string> pages;
  http::io_thread io;
  std::unique_ptr<http::server> publisher;
  std::unique_ptr<http::client> wire = http::client::make(io).value();
  std::string url;
  std::string asked_name;
  std::atomic<int> asked_pages = 0;
  std::unique_ptr<ehds::tests::small_dns> dns;

  network() {
    publisher = http::server::bind(io, {{http::listener{}}, {}, [](std::string const&) {}}, wall).value();
    auto const serve = [this](http::request const& asked) {
      ++asked_pages;
      auto const found = pages.find(asked.path);
      return found == pages.end() ? http::text("none", 404) : http::bytes(found->second, "application/xml");
    };
    publisher->start({{"public", {serve, [](std::string_view, std::string_view) { return std::size_t{100'000}; }}}});
    url = publisher->listeners().front().url();
    dns = std::make_unique<ehds::tests::small_dns>([this](std::string const& question) {
      asked_name = question.substr(12);
      auto answer = dns_answer({{35, naptr_data(1, 1, "U", "Meta:SMP", "!^.*$!" + url + "/!")}});
      // The same question comes back with it, as DNS wants.
      return std::vector{question.substr(0, 2) + two(0x8180) + two(1) + answer.substr(6, 6) +
                         question.substr(12, question.find('\0', 12) + 5 - 12) + answer.substr(12)};
    });
  }
};

}  // namespace

TEST_CASE("a partner is found over DNS and HTTP, and stays found when both are gone") {
  ehds::tests::fresh_folder const folder;
  auto tables = exchange::migrations();
  for (auto const& step : audit::migrations()) tables.push_back(step);
  auto db = store::database::open(folder / "s.sqlite", {.migrations = tables}).value();
  auto const mode = looking_up();
  edelivery::pmode_book const book({mode});
  auto const path = edelivery::service_metadata_url("", edelivery::smp_version::v1_0, mode.discovery->participant,
                                                    mode.discovery->document);
  {
    network at;
    at.pages[path] = signed_by(publisher_keys(), smp1_record());
    auto const ask = http::naptr_query::make(at.dns->address).value();
    exchange::partner_search search(db, book, [&](std::string const& name) { return ask.ask(name); }, *at.wire);
    std::string trouble;
    search.on_trouble([&](std::string const&, problem const& why) { trouble = to_text(why); });
    CHECK_FALSE(search.run_once(noon()));  // there is no other
    CHECK(trouble.empty());
    CHECK(at.asked_name.find("\4zone\7example") != std::string::npos);
  }
  auto const ready = exchange::ready_pmode(db, mode, noon());
  REQUIRE(ready);
  CHECK(ready->address == "https://eu.example/as4");
  CHECK(ready->trust.pinned == std::vector{partner_keys().cert});
}

TEST_CASE("DNS leads a node to public addresses only, unless its configuration is that of a laboratory") {
  for (bool const in_laboratory : {false, true}) {
    network at;
    ehds::tests::one_house fr("FR", [&](config::configuration& settings) {
      ehds::tests::know_the_centre(settings);
      settings.partners.dns_server = at.dns->address;
      settings.partners.private_publishers = in_laboratory;
      auto const ca = (ehds::tests::keys_of("FR") / "ca.pem").string();
      ehds::tests::write_json(
          settings.partners.pmodes / "eu.json",
          {{"pmodes",
            {{{"id", "looked-up"},
              {"service", {{"value", "urn:s"}}},
              {"us", {{"id", "FR"}}},
              {"partner", {{"id", "EU"}}},
              {"discovery", {{"zone", "zone.example"}, {"document", {{"value", "d"}}}, {"authorities", {ca}}}},
              {"certificates", {{"authorities", {ca}}}}}}}});
    });
    auto& inside = fr.parts();
    inside.search_for_partners->run_once(inside.wall.now());
    CHECK(at.asked_name.find("\4zone\7example") != std::string::npos);
    CHECK((at.asked_pages > 0) == in_laboratory);
  }
}

TEST_CASE("a message leaves for an address of this network that a record names only in a laboratory") {
  // The publisher is good and was asked over another wire; what it registered for the partner leads inside.
  auto const address = GENERATE(std::string("127.0.0.1"), std::string("localhost"));
  for (bool const in_laboratory : {false, true}) {
    network at;
    auto const port = at.url.substr(at.url.rfind(':'));
    auto const authority_file = at.folder / "authority.pem";
    std::ofstream(authority_file) << authority().cert.pem();
    ehds::tests::one_house fr("FR", [&](config::configuration& settings) {
      ehds::tests::know_the_centre(settings);
      settings.partners.dns_server = at.dns->address;
      settings.partners.private_publishers = in_laboratory;
      ehds::tests::write_json(settings.partners.pmodes / "eu.json",
                              {{"pmodes",
                                {{{"id", "looked-up"},
                                  {"service", {{"value", "urn:service"}, {"type", "urn:ehds:service"}}},
                                  {"direction", "send"},
                                  {"us", {{"id", "FR"}}},
                                  {"partner", {{"id", "EU"}, {"type", "test-parties"}}},
                                  {"discovery",
                                   {{"zone", "zone.example"},
                                    {"document", {{"scheme", "bdx-docid-qns"}, {"value", document_id}}},
                                    {"authorities", {authority_file.string()}}}},
                                  {"certificates", {{"authorities", {authority_file.string()}}}}}}}});
    });
    auto& inside = fr.parts();
    inside.wall.shift(noon() - inside.wall.now());
    auto const& mode = inside.book.all().front();
    at.pages[edelivery::service_metadata_url("", edelivery::smp_version::v1_0, mode.discovery->participant,
                                             mode.discovery->document)] =
        signed_by(publisher_keys(), smp1_record({{.address = "http://" + address + port + "/as4"}}));
    auto const ask = http::naptr_query::make(at.dns->address).value();
    exchange::partner_search search(
        *inside.db, inside.book, [&](std::string const& name) { return ask.ask(name); }, *at.wire);
    std::string trouble;
    search.on_trouble([&](std::string const&, problem const& why) { trouble = to_text(why); });
    search.run_once(inside.wall.now());
    CHECK(trouble.empty());
    int const before = at.asked_pages;
    REQUIRE(inside.db->commit([&](store::transaction& tx) -> result<void> {
      auto const posted = inside.messages->post(
          tx, {.to_nation = "EU", .action = "createDataset", .content = "{}", .service = "urn:service"});
      return posted ? result<void>{} : posted.error();
    }));
    CHECK(inside.sender->run_next(inside.wall.now()));
    CHECK((at.asked_pages > before) == in_laboratory);
    auto const entry =
        inside.db->read([](store::reading& now) { return exchange::list(now, {.direction = "out"}).at(0); });
    CHECK(entry.status == "waiting");
    CHECK((entry.reason.find("not a public address") != std::string::npos) == !in_laboratory);
  }
}

TEST_CASE("a publisher is not shown the certificate that opens the edge") {
  config::configuration settings;
  settings.trusted_ca = "ca.pem";
  settings.edge.url = "https://edge.example";
  settings.edge.certificate = "z.pem";
  settings.edge.private_key = "z.key";
  auto const options = house::lookup_wire_options(settings);
  CHECK(options.tls.certificate_chain.empty());
  CHECK(options.tls.private_key.empty());
  CHECK(options.tls.ca == "ca.pem");
  CHECK(options.reach == http::reach::public_addresses);
}
