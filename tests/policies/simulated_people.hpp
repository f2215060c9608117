#pragma once
// A small made-up country, and the whole way from a cleared query to a released table. Stands in for connectors/data:
// it defines the class that may build raw tables.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "policies/approval/judge.hpp"
#include "policies/disclosure/disclose.hpp"

namespace ehds::policies::simulated {

struct person {
  std::string key;
  bool male = false;
  int age = 0;
  int region = 0;
  bool ill = false;
  std::int64_t events = 0;
  std::int64_t amount = 0;
  int year = 2020;  // of the first event; when rows are counted, some fall into the next year
};

std::vector<person> people(std::size_t count, std::uint64_t seed);

using condition = std::function<bool(person const&)>;
inline constexpr auto ill = [](person const& p) { return p.ill; };

struct asking {
  std::string protocol = "p";
  std::string by = R"([{"dimension":"sex"},{"dimension":"region"}])";
  std::string measures = R"([{"measure":"persons"}])";
  bool denominator = false;
  std::string note = "1";  // makes the text, and so the hash, another one
  std::string unit = "person";
};

struct disclosed {
  result<release_proposal> proposal;
  cleared_query cleared;
  raw_table table;
};

// One dataset that remembers what it released.
class country {
 public:
  explicit country(std::vector<person> everybody, disclosure_policy policy = {});

  disclosed ask(asking const& question, condition const& who);
  released_table answer(asking const& question, condition const& who);  // asks, and remembers the release

  // The figures of one question under the clearance of another.
  result<release_proposal> disclose_again(disclosed const& figures, disclosed const& clearance,
                                          disclosure_policy const& under) const;

  query_history history;
  disclosure_policy policy;
  std::int64_t spent = 0;

 private:
  std::vector<person> everybody_;
  person_tokens tokens_{"a secret of sixteen bytes or more"};
};

data_permit permit_for(aggregate_query const& query, disclosure_policy const& policy);
std::vector<declared_dimension> declared();

}  // namespace ehds::policies::simulated
