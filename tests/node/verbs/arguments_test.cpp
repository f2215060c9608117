#include "node/verbs/arguments.hpp"

#include <catch2/catch.hpp>

#include "node/verbs/program.hpp"

using namespace ehds::node::verbs;
using ehds::tests::run;

TEST_CASE("words and options are told apart in any order") {
  known_options const known{{"--config"}, {"--json"}, 1, 2};
  auto const read = arguments::read({"--json", "file", "--config", "here"}, known);
  REQUIRE(read);
  CHECK(read->words() == std::vector<std::string>{"file"});
  CHECK(read->has("--json"));
  CHECK(read->value("--config") == "here");
  CHECK(read->value("--other", "else") == "else");
}

TEST_CASE("an unknown option, a missing value, too few and too many words are problems") {
  known_options const known{{"--config"}, {}, 1, 1};
  CHECK(arguments::read({"--nonsense", "x"}, known).error().code == "usage.option");
  CHECK(arguments::read({"x", "--config"}, known).error().code == "usage.value");
  CHECK(arguments::read({}, known).error().code == "usage.words");
  CHECK(arguments::read({"x", "y"}, known).error().code == "usage.words");
}

TEST_CASE("help goes to standard output; no verb or an unknown one is a question that cannot be read") {
  auto const help = run({"help"});
  CHECK(help.code == 0);
  for (auto const* verb :
       {"serve", "demo", "validate", "query", "permit", "as4", "pmode", "audit", "ledger", "keys", "config"})
    CHECK(help.output.find(std::string("\n  ") + verb + " ") != std::string::npos);
  auto const nothing = run({});
  CHECK(nothing.code == 2);
  CHECK(nothing.output.empty());
  CHECK(nothing.complaint.find("usage:") != std::string::npos);
  for (auto const* word : {"dance", "--version-of-what"}) {
    auto const done = run({word});
    CHECK(done.code == 2);
    CHECK(done.output.empty());
    CHECK(is_one_sentence(done, std::string("no verb \"") + word + "\""));
  }
  CHECK(run({"-h"}).output == help.output);
  CHECK(run({"--version"}).output.starts_with("ehds-node "));
}

TEST_CASE("every verb without its words says how it is used and exits with 2") {
  auto const* const verb =
      GENERATE("serve", "validate", "query", "permit", "as4", "pmode", "audit", "ledger", "keys", "config");
  auto const done = run({verb});
  INFO(done.complaint);
  CHECK(done.code == 2);
  CHECK(done.complaint.find("usage: ehds-node " + std::string(verb)) != std::string::npos);
  CHECK(done.output.empty());
}
