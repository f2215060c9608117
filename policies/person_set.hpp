#pragma once
// A set of persons without their names: sorted 64-bit tokens, each the first 8 bytes of HMAC-SHA-256 under a secret
// of the node. Sets can be compared, joined and counted; they never leave the data zone.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ehds::policies {

class person_set {
 public:
  using token = std::uint64_t;

  person_set() = default;
  explicit person_set(std::vector<token> tokens);  // any order, doubles allowed

  std::size_t size() const { return tokens_.size(); }
  bool empty() const { return tokens_.empty(); }
  std::span<token const> tokens() const { return tokens_; }  // ascending, distinct
  void join(person_set const& other);
  bool operator==(person_set const&) const = default;

 private:
  std::vector<token> tokens_;
};

std::size_t common_persons(person_set const& a, person_set const& b);
std::size_t different_persons(person_set const& a, person_set const& b);  // size of the symmetric difference

// Makes tokens under one secret (16 bytes or more). The same person key gives the same token in every query of
// the dataset, whatever the wording: repeated and reworded queries are recognised by it.
class person_tokens {
 public:
  explicit person_tokens(std::string secret);
  person_set::token of(std::string_view person_key) const;

 private:
  std::string secret_;
};

}  // namespace ehds::policies
