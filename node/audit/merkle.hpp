#pragma once
// Merkle tree hashing of RFC 6962 2.1: SHA-256, leaves under 0x00, inner nodes under 0x01. All hashes are 32 raw bytes;
// indexes count from 0.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ehds::node::audit {

std::string leaf_hash(std::string_view leaf);
std::string inner_hash(std::string_view left, std::string_view right);

// The tree over a list of leaf hashes, without keeping them: the roots of its complete subtrees, largest first.
class merkle_frontier {
 public:
  merkle_frontier() = default;
  // One root per set bit of size, largest subtree first.
  merkle_frontier(std::uint64_t size, std::vector<std::string> roots) : size_(size), roots_(std::move(roots)) {}

  void append(std::string hash_of_leaf);
  std::string root() const;  // of an empty tree: SHA-256 of nothing
  std::uint64_t size() const { return size_; }
  std::vector<std::string> const& roots() const { return roots_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<std::string> roots_;
};

using proof = std::vector<std::string>;

std::string root_of(std::span<std::string const> leaves);
// RFC 6962 2.1.1; index < leaves.size().
proof inclusion_proof(std::span<std::string const> leaves, std::uint64_t index);
// RFC 6962 2.1.2; 0 < old_size <= leaves.size().
proof consistency_proof(std::span<std::string const> leaves, std::uint64_t old_size);

bool is_included(std::string const& hash_of_leaf, std::uint64_t index, std::uint64_t size, proof const& path,
                 std::string const& root);
// Is the tree of new_size an extension of the tree of old_size?
bool is_consistent(std::uint64_t old_size, std::string const& old_root, std::uint64_t new_size,
                   std::string const& new_root, proof const& path);

}  // namespace ehds::node::audit
