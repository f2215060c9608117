// However much rubbish comes, and whatever names it bears: an operator sees why a partner's message was refused.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "node/exchange/refusals.hpp"
#include "node/exchange/sealed_for_eu.hpp"

using namespace ehds;
using namespace ehds::tests;
using nlohmann::json;

namespace {

// EU with two partners, and a clock.
struct besieged {
  manual_clock time{noon()};
  memory_wire wire;
  test_node eu{"EU", std::vector<std::string>{"FR", "DE"}, wire, time};

  void receive(edelivery::wire_message const& message, int times = 1) {
    for (int n = 0; n < times; ++n) eu->desk.receive(message.content_type, message.body);
  }
  std::vector<exchange::kept_refusal> kept(exchange::refusals_of whom = exchange::refusals_of::anybody) {
    return eu->db.read([&](store::reading& now) { return exchange::list_refusals(now, 0, 10'000, whom); });
  }
  // How many are kept of each origin: "FR proven", "FR claimed", "stranger".
  std::map<std::string, std::size_t> counts() {
    std::map<std::string, std::size_t> all;
    for (auto const& one : kept()) ++all[name_of(one.origin)];
    return all;
  }
  std::map<std::string, std::uint64_t> not_kept() {
    std::map<std::string, std::uint64_t> all;
    for (auto const& [origin, count] : eu->desk.refusals().not_kept()) all[name_of(origin)] += count;
    return all;
  }
  json explanation_of(std::int64_t number) {
    return eu->db.read([&](store::reading& now) {
      return json::parse(exchange::find_refusal(now, number).value().explanation).at("steps");
    });
  }

 private:
  static std::string name_of(exchange::refusal_origin const& origin) {
    return origin.party.empty() ? "stranger" : origin.party + (origin.is_proven ? " proven" : " claimed");
  }
};

// A message that says it is from `sender` to EU, signed by `signer`.
edelivery::wire_message message_of(std::string const& sender, std::string const& signer,
                                   std::string const& service = std::string(exchange::star_service)) {
  return sealed_for_eu(with_json("{}"), sender, signer, service);
}

// A letter of the signed header: nobody can tell any more who wrote it.
edelivery::wire_message altered(edelivery::wire_message message) {
  auto const at = message.body.find("createDataset");
  message.body[at] = 'C';
  return message;
}

edelivery::wire_message const rubbish{"application/soap+xml", "<html/>"};

json const& step_of(json const& steps, std::string const& name) {
  for (auto const& one : steps)
    if (one.at("step") == name) return one;
  throw std::runtime_error("no step " + name);
}

std::set<std::string> facts_of(json const& step) {
  std::set<std::string> names;
  for (auto const& one : step.at("facts")) names.insert(one.at("name").get<std::string>());
  return names;
}

}  // namespace

TEST_CASE("a hundred posts of rubbish do not hide why a partner's message was refused") {
  besieged a;
  a.receive(rubbish, 100);
  a.receive(tampered(message_of("FR", "FR")));
  auto const all = a.kept();
  REQUIRE(all.size() == 31);
  auto const& own = all.front();
  CHECK(own.origin == exchange::refusal_origin{"FR", true});
  CHECK(own.problem == "edelivery.decryption.failed");
  CHECK(own.pmode_id == std::string(exchange::star_service) + "/FR");
  CHECK(a.not_kept() == std::map<std::string, std::uint64_t>{{"stranger", 70}});

  // Which reference, which algorithm, which certificate, which P-Mode.
  auto const steps = a.explanation_of(own.number);
  CHECK(facts_of(step_of(steps, "P-Mode")).contains("id"));
  CHECK(facts_of(step_of(steps, "reference")).contains("digest algorithm"));
  CHECK(facts_of(step_of(steps, "certificate of the signer")).contains("subject"));
  CHECK(step_of(steps, "payload").at("outcome") == "wrong");
  CHECK(a.kept(exchange::refusals_of::parties).size() == 1);
}

TEST_CASE("each origin has its own looks a minute and its own rows, and what is beyond them is counted") {
  besieged a;
  for (int minute = 0; minute < 10; ++minute) {
    a.receive(rubbish, 40);
    a.time.advance(std::chrono::minutes{1});
  }
  CHECK(a.counts() == std::map<std::string, std::size_t>{{"stranger", 200}});
  CHECK(a.kept().front().number == 300);
  CHECK(a.kept().back().number == 101);
  CHECK(a.not_kept() == std::map<std::string, std::uint64_t>{{"stranger", 100}});
  CHECK(a.eu.refusals.size() == 400);  // each was told to the log
}

TEST_CASE("who claims to be a partner hides neither what that one signed nor what others sent") {
  besieged a;
  auto const own = tampered(message_of("FR", "FR"));
  a.receive(own);
  auto const lie = message_of("FR", "nobody");
  for (int minute = 0; minute < 5; ++minute) {
    a.receive(lie, 35);
    a.time.advance(std::chrono::minutes{1});
  }
  a.receive(lie, 35);
  CHECK(a.counts() == std::map<std::string, std::size_t>{{"FR claimed", 100}, {"FR proven", 1}});
  // In the same minute: of the same partner, and of the other one, proven or not.
  a.receive(own);
  a.receive(altered(message_of("DE", "DE")));
  a.receive(tampered(message_of("DE", "DE")));
  CHECK(a.counts() ==
        std::map<std::string, std::size_t>{{"FR claimed", 100}, {"FR proven", 2}, {"DE claimed", 1}, {"DE proven", 1}});
  CHECK(a.not_kept() == std::map<std::string, std::uint64_t>{{"FR claimed", 30}});
  auto const all = a.kept();
  CHECK(all.at(0).problem == "edelivery.decryption.failed");
  CHECK(all.at(1).problem.starts_with("edelivery.authentication."));
  CHECK(step_of(a.explanation_of(all.at(1).number), "certificate of the signer").at("outcome") != "not_looked_at");
}

TEST_CASE("a partner named without a P-Mode that fits is told apart from strangers, an unknown name is not") {
  besieged a;
  a.receive(message_of("FR", "FR", "urn:not-agreed"));
  a.receive(message_of("XX", "XX", "urn:not-agreed"));
  CHECK(a.counts() == std::map<std::string, std::size_t>{{"FR claimed", 1}, {"stranger", 1}});
  CHECK(a.kept().back().problem == "edelivery.pmode.none");
}

TEST_CASE("another message under a used id is the partner's own doing: it is told, kept and proven") {
  besieged a;
  for (auto const& wire : two_under_one_id()) a.receive(wire);
  CHECK(a.counts() == std::map<std::string, std::size_t>{{"FR proven", 1}});
  REQUIRE(a.eu.refusals.size() == 1);
  CHECK(a.eu.refusals[0].diagnosis.code == "edelivery.duplicate.different");
}

TEST_CASE("what a partner wrote into a property is judged when it is proven to be the partner's") {
  manual_clock time{noon()};
  memory_wire wire;
  auto mode = pmode_between("EU", "FR", std::string(exchange::star_service));
  mode.required_properties = {"originalSender"};
  test_node eu("EU", "FR", wire, time, nullptr, {mode});
  auto const kept = [&] {
    return eu->db.read([](store::reading& now) { return exchange::list_refusals(now, 0, 1); }).at(0);
  };
  for (auto const& [signer, problem, proven] :
       {std::tuple("FR", "edelivery.pmode.property", true), std::tuple("nobody", "edelivery.authentication.", false)}) {
    auto const wire_message = message_of("FR", signer);
    eu->desk.receive(wire_message.content_type, wire_message.body);
    CHECK(kept().problem.substr(0, std::string_view(problem).size()) == problem);
    CHECK(kept().origin == exchange::refusal_origin{"FR", proven});
  }
}
