#include "node/audit/merkle.hpp"

#include <bit>

#include "base/bytes.hpp"

namespace ehds::node::audit {
namespace {

// The largest power of two smaller than n: where RFC 6962 splits a tree of n > 1 leaves.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

void consistency_into(std::span<std::string const> leaves, std::uint64_t old_size, bool is_whole, proof& path) {
  if (old_size == leaves.size()) {
    if (!is_whole) path.push_back(root_of(leaves));
    return;
  }
  std::uint64_t const split = split_of(leaves.size());
  if (old_size <= split) {
    consistency_into(leaves.first(split), old_size, is_whole, path);
    path.push_back(root_of(leaves.subspan(split)));
  } else {
    consistency_into(leaves.subspan(split), old_size - split, false, path);
    path.push_back(root_of(leaves.first(split)));
  }
}

}  // namespace

std::string leaf_hash(std::string_view leaf) {
  sha256_stream hash;
  hash.add(std::string_view("\0", 1));
  hash.add(leaf);
  return hash.finish();
}

std::string inner_hash(std::string_view left, std::string_view right) {
  sha256_stream hash;
  hash.add("\1");
  hash.add(left);
  hash.add(right);
  return hash.finish();
}

void merkle_frontier::append(std::string hash_of_leaf) {
  std::string carried = std::move(hash_of_leaf);
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    carried = inner_hash(roots_.back(), carried);
    roots_.pop_back();
  }
  roots_.push_back(std::move(carried));
  ++size_;
}

std::string merkle_frontier::root() const {
  if (roots_.empty()) return sha256("");
  std::string right = roots_.back();
  for (auto left = roots_.rbegin() + 1; left != roots_.rend(); ++left) right = inner_hash(*left, right);
  return right;
}

std::string root_of(std::span<std::string const> leaves) {
  merkle_frontier tree;
  for (auto const& leaf : leaves) tree.append(leaf);
  return tree.root();
}

proof inclusion_proof(std::span<std::string const> leaves, std::uint64_t index) {
  if (leaves.size() <= 1) return {};
  std::uint64_t const split = split_of(leaves.size());
  bool const is_left = index < split;
  auto const own = is_left ? leaves.first(split) : leaves.subspan(split);
  auto const other = is_left ? leaves.subspan(split) : leaves.first(split);
  auto path = inclusion_proof(own, is_left ? index : index - split);
  path.push_back(root_of(other));
  return path;
}

proof consistency_proof(std::span<std::string const> leaves, std::uint64_t old_size) {
  proof path;
  consistency_into(leaves, old_size, true, path);
  return path;
}

bool is_included(std::string const& hash_of_leaf, std::uint64_t index, std::uint64_t size, proof const& path,
                 std::string const& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  std::string reached = hash_of_leaf;
  for (auto const& sibling : path) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      reached = inner_hash(sibling, reached);
      while ((node & 1) == 0 && node != 0) {  // levels at which a last node stands alone
        node >>= 1;
        last >>= 1;
      }
    } else {
      reached = inner_hash(reached, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && reached == root;
}

bool is_consistent(std::uint64_t old_size, std::string const& old_root, std::uint64_t new_size,
                   std::string const& new_root, proof const& path) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  proof whole = path;
  if (std::has_single_bit(old_size)) whole.insert(whole.begin(), old_root);
  if (whole.empty()) return false;
  std::uint64_t node = old_size - 1;
  std::uint64_t last = new_size - 1;
  for (; (node & 1) != 0; node >>= 1) last >>= 1;
  std::string old_reached = whole.front();
  std::string new_reached = whole.front();
  for (std::size_t at = 1; at < whole.size(); ++at) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_reached = inner_hash(whole[at], old_reached);
      new_reached = inner_hash(whole[at], new_reached);
      for (; (node & 1) == 0 && node != 0; node >>= 1) last >>= 1;
    } else {
      new_reached = inner_hash(new_reached, whole[at]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_reached == old_root && new_reached == new_root;
}

}  // namespace ehds::node::audit
