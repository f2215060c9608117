#pragma once
// Bytes that may be more than memory should hold: read where they lie, in pieces; written one piece after another.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace ehds {

class byte_source {
 public:
  virtual ~byte_source() = default;
  virtual std::uint64_t size() const = 0;
  // The bytes from `at`, `most` of them or all that are left. The view holds until `space` changes: the source may put
  // the bytes there, or point to its own. A problem when they cannot be read.
  virtual result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const = 0;
};

// Bytes in memory, which outlive it.
class memory_source final : public byte_source {
 public:
  explicit memory_source(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string&) const override {
    return at < bytes_.size() ? bytes_.substr(at, most) : std::string_view{};
  }

 private:
  std::string_view bytes_;
};

// Bytes in memory that nobody else keeps.
class held_source final : public byte_source {
 public:
  explicit held_source(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    return memory_source(bytes_).look(at, most, space);
  }

 private:
  std::string const bytes_;
};

// A stretch of another source, which outlives it.
class source_range final : public byte_source {
 public:
  source_range(byte_source const& whole, std::uint64_t at, std::uint64_t size) : whole_(whole), at_(at), size_(size) {}
  std::uint64_t size() const override { return size_; }
  result<std::string_view> look(std::uint64_t at, std::size_t most, std::string& space) const override {
    if (at >= size_) return std::string_view{};
    auto const left = size_ - at;
    return whole_.look(at_ + at, left < most ? static_cast<std::size_t>(left) : most, space);
  }

 private:
  byte_source const& whole_;
  std::uint64_t at_;
  std::uint64_t size_;
};

class byte_sink {
 public:
  virtual ~byte_sink() = default;
  virtual result<void> add(std::string_view bytes) = 0;
};

// Collects in memory.
class string_sink final : public byte_sink {
 public:
  result<void> add(std::string_view bytes) override {
    text.append(bytes);
    return {};
  }
  std::string text;
};

inline constexpr std::size_t source_piece = 64 * 1024;

inline problem source_short() { return {"base.source_short", "The bytes end before their size says so.", "", ""}; }

// Gives all bytes of the source to `take`, piece by piece; ends with its first problem.
template <class Take>
result<void> each_piece(byte_source const& from, Take take) {
  std::string space;
  for (std::uint64_t at = 0; at < from.size();) {
    auto const piece = from.look(at, source_piece, space);
    if (!piece) return piece.error();
    if (piece->empty()) return source_short();
    if (result<void> taken = take(*piece); !taken) return taken;
    at += piece->size();
  }
  return {};
}

}  // namespace ehds
