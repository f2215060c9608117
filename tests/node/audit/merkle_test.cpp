#include "node/audit/merkle.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"

using namespace ehds;
using namespace ehds::node::audit;

namespace {

// The inputs of the published test vectors of Certificate Transparency implementations (RFC 6962).
std::vector<std::string> leaves(std::size_t count) {
  std::vector<std::string> const hex = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  std::vector<std::string> hashes;
  for (std::size_t at = 0; at < count; ++at) hashes.push_back(leaf_hash(from_hex(hex.at(at)).value()));
  return hashes;
}

std::vector<std::string> many(std::size_t count) {
  std::vector<std::string> hashes;
  for (std::size_t at = 0; at < count; ++at) hashes.push_back(leaf_hash("leaf " + std::to_string(at)));
  return hashes;
}

std::span<std::string const> first(std::vector<std::string> const& all, std::size_t count) {
  return std::span<std::string const>(all).first(count);
}

}  // namespace

TEST_CASE("roots agree with the known answers for RFC 6962 trees") {
  CHECK(to_hex(root_of({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(root_of(leaves(1))) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(to_hex(root_of(leaves(2))) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  CHECK(to_hex(root_of(leaves(3))) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  CHECK(to_hex(root_of(leaves(8))) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_CASE("every leaf of every small tree has a proof that holds, and only for its place and its tree") {
  auto const all = many(17);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    auto const tree = first(all, size);
    auto const root = root_of(tree);
    for (std::size_t index = 0; index < size; ++index) {
      auto path = inclusion_proof(tree, index);

      CHECK(is_included(all[index], index, size, path, root));
      CHECK_FALSE(is_included(leaf_hash("another"), index, size, path, root));
      CHECK_FALSE(is_included(all[index], size, size, path, root));
      path.push_back(root);
      CHECK_FALSE(is_included(all[index], index, size, path, root));
    }
  }
}

TEST_CASE("every small tree is proven to extend every smaller one, and no other") {
  auto const all = many(17);
  auto forged = all;
  forged[0] = leaf_hash("forged");
  for (std::size_t size = 1; size <= all.size(); ++size) {
    auto const root = root_of(first(all, size));
    for (std::size_t old = 1; old <= size; ++old) {
      auto const path = consistency_proof(first(all, size), old);
      auto const old_root = root_of(first(all, old));

      CHECK(is_consistent(old, old_root, size, root, path));
      CHECK_FALSE(is_consistent(old, root_of(first(forged, old)), size, root, path));
      CHECK_FALSE(is_consistent(old, old_root, size, root_of(first(forged, size)), path));
    }
  }
  CHECK_FALSE(is_consistent(0, sha256(""), 1, root_of(first(all, 1)), {}));
  CHECK_FALSE(is_consistent(3, sha256(""), 5, root_of(first(all, 5)), {}));
}
