// Each country's records were read, checked and stored when it started; a bad one is refused with its path and the
// mend.

#include "base/files.hpp"
#include "node/demo/story.hpp"
#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

std::string text_of(std::filesystem::path const& file) {
  auto const text = read_file(file);
  must(text.has_value(), file.string() + " is missing");
  return *text;
}

void refuse_a_bad_one(network& net) {
  auto& editor = net.as("FR", "editor");
  auto const refused = editor.put("/api/datasets", text_of(net.file("records/incomplete.ttl")), "text/turtle");
  must(refused.status == 422,
       "a record without its mandatory properties was not refused but answered " + std::to_string(refused.status));
  auto const& findings = refused.body.at("problems");
  must(!findings.empty() && !findings.at(0).at("mend").get<std::string>().empty(),
       "the refusal does not say how to mend the record");
  tell("a record without some mandatory properties is refused, nothing of it is stored:");
  for (auto const& found : findings)
    tell("  " + found.at("where").get<std::string>() + ": " + found.at("mend").get<std::string>());
}

}  // namespace

void step_1_catalogues(network& net, told&) {
  tell_step(1, "Every country reads, checks and stores its dataset records");
  for (auto const& country : net.countries()) {
    auto const found = net.as(country, "").read("/api/datasets?limit=1");
    auto const total = found.at("total").get<int>();
    must(total > 0, country + " has no records");
    tell(country + " serves " + std::to_string(total) + " records");
    tell_open(country + " catalogue", net.node(country).url() + "/");
  }
  auto const variables = net.as("FR", "").read("/api/datasets?variable=dispens&limit=5");
  must(variables.at("total").get<int>() > 0, "no French dataset has a variable about dispensations");
  auto const& first = variables.at("datasets").at(0);
  tell("searched down to variables: \"dispens\" is in " + first.at("title").get<std::string>() + ", variable " +
       first.at("variables").at(0).at("name").get<std::string>());
  refuse_a_bad_one(net);
}

}  // namespace ehds::node::demo
