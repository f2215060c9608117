// RFC 6962 proofs over every tree up to 64 leaves: every leaf, every earlier size, every way to spoil a proof.
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>

#include "node/audit/merkle.hpp"

using namespace ehds::node::audit;

namespace {

constexpr std::uint64_t largest = 64;

std::vector<std::string> const& all_leaves() {
  static auto const made = [] {
    std::vector<std::string> hashes;
    for (std::uint64_t at = 0; at < largest; ++at) hashes.push_back(leaf_hash("entry " + std::to_string(at)));
    return hashes;
  }();
  return made;
}

std::span<std::string const> tree(std::uint64_t size) { return std::span<std::string const>(all_leaves()).first(size); }

std::string const& root(std::uint64_t size) {
  static auto const made = [] {
    std::vector<std::string> roots;
    for (std::uint64_t count = 0; count <= largest; ++count) roots.push_back(root_of(tree(count)));
    return roots;
  }();
  return made.at(size);
}

std::string flipped(std::string hash, std::size_t bit) {
  hash[bit / 8] = static_cast<char>(hash[bit / 8] ^ (1 << (bit % 8)));
  return hash;
}

// Every proof that differs from this one by one hash: changed, left out, doubled, or two that changed places.
std::vector<proof> spoiled(proof const& good) {
  std::vector<proof> bad;
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto changed = good;
    changed[at] = flipped(changed[at], (at * 37) % 256);
    bad.push_back(std::move(changed));
    auto shorter = good;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
    bad.push_back(std::move(shorter));
    auto doubled = good;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(at), good[at]);
    bad.push_back(std::move(doubled));
    if (at == 0) continue;
    auto swapped = good;
    std::swap(swapped[at - 1], swapped[at]);
    bad.push_back(std::move(swapped));
  }
  return bad;
}

}  // namespace

TEST_CASE("the tree that grows leaf by leaf has the root of the tree built at once, at every size") {
  merkle_frontier growing;
  for (std::uint64_t size = 0; size < largest; ++size) {
    CHECK(growing.root() == root(size));
    CHECK(growing.size() == size);
    CHECK(growing.roots().size() == static_cast<std::size_t>(std::popcount(size)));
    CHECK(merkle_frontier(size, growing.roots()).root() == root(size));
    growing.append(all_leaves()[size]);
  }
  CHECK(growing.root() == root(largest));
}

TEST_CASE("no two sizes of one log have the same root") {
  std::vector<std::string> roots;
  for (std::uint64_t size = 0; size <= largest; ++size) roots.push_back(root(size));
  std::ranges::sort(roots);

  CHECK(std::ranges::adjacent_find(roots) == roots.end());
}

TEST_CASE("every leaf of every tree up to 64 is proven to be in it by as few hashes as the tree is high") {
  for (std::uint64_t size = 1; size <= largest; ++size)
    for (std::uint64_t index = 0; index < size; ++index) {
      auto const path = inclusion_proof(tree(size), index);
      CAPTURE(size, index);
      CHECK(is_included(all_leaves()[index], index, size, path, root(size)));
      CHECK(path.size() <= static_cast<std::size_t>(std::bit_width(size - 1)));
    }
}

TEST_CASE("a proof of inclusion with one hash changed, missing, doubled or moved proves nothing") {
  int accepted = 0;
  for (std::uint64_t size = 1; size <= largest; ++size)
    for (std::uint64_t index = 0; index < size; ++index)
      for (auto const& bad : spoiled(inclusion_proof(tree(size), index)))
        if (is_included(all_leaves()[index], index, size, bad, root(size))) ++accepted;

  CHECK(accepted == 0);
}

TEST_CASE("the proof of one leaf proves no other leaf and no other place") {
  int accepted = 0;
  for (std::uint64_t size = 2; size <= largest; ++size)
    for (std::uint64_t index = 0; index < size; ++index) {
      auto const path = inclusion_proof(tree(size), index);
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        if (is_included(all_leaves()[other], index, size, path, root(size))) ++accepted;
        if (is_included(all_leaves()[index], other, size, path, root(size))) ++accepted;
      }
    }

  CHECK(accepted == 0);
}

TEST_CASE("an inner node cannot be passed off as an entry") {
  // The leaf whose bytes are two hashes: RFC 6962 keeps leaves and nodes apart by their first byte.
  auto const left = all_leaves()[0];
  auto const right = all_leaves()[1];

  CHECK(leaf_hash(left + right) != inner_hash(left, right));
  CHECK_FALSE(is_included(leaf_hash(left + right), 0, 1, {}, root(2)));
}

TEST_CASE("every tree up to 64 is proven to extend every earlier state of it") {
  for (std::uint64_t size = 1; size <= largest; ++size)
    for (std::uint64_t old = 1; old <= size; ++old) {
      auto const path = consistency_proof(tree(size), old);
      CAPTURE(old, size);
      CHECK(is_consistent(old, root(old), size, root(size), path));
      CHECK(path.size() <= static_cast<std::size_t>(std::bit_width(size)) + 1);
    }
}

TEST_CASE("a proof of consistency with one hash changed, missing, doubled or moved proves nothing") {
  int accepted = 0;
  for (std::uint64_t size = 1; size <= largest; ++size)
    for (std::uint64_t old = 1; old <= size; ++old)
      for (auto const& bad : spoiled(consistency_proof(tree(size), old)))
        if (is_consistent(old, root(old), size, root(size), bad)) ++accepted;

  CHECK(accepted == 0);
}

TEST_CASE("no proof makes a rewritten log an extension of what was signed") {
  auto rewritten = all_leaves();
  int accepted = 0;
  for (std::uint64_t changed = 0; changed < largest; changed += 5) {
    rewritten = all_leaves();
    rewritten[changed] = leaf_hash("rewritten");
    for (std::uint64_t old = changed + 1; old <= largest; ++old) {
      auto const path = consistency_proof(rewritten, old);
      if (is_consistent(old, root(old), largest, root_of(rewritten), path)) ++accepted;
    }
  }

  CHECK(accepted == 0);
}

TEST_CASE("a log never extends an empty one by proof, nor a longer one") {
  CHECK_FALSE(is_consistent(0, root(0), 5, root(5), {}));
  CHECK_FALSE(is_consistent(6, root(6), 5, root(5), {}));
  CHECK_FALSE(is_consistent(5, root(5), 5, root(5), {root(5)}));
  CHECK_FALSE(is_consistent(5, root(5), 5, root(4), {}));
}
