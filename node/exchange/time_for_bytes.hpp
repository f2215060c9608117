#pragma once
// How long to wait for bytes on their way, beyond what a small message may take: two megabytes a second at least, since
// both sides read, write and unpack every one of them.
#include <chrono>
#include <cstdint>

namespace ehds::node::exchange {

constexpr std::chrono::milliseconds time_for_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t bytes_a_millisecond = 2'000;
  return std::chrono::milliseconds{static_cast<std::int64_t>(bytes / bytes_a_millisecond)};
}

// No message has more: the configuration admits two gigabytes as one message or upload (limits.message_bytes).
constexpr std::uint64_t most_bytes_of_a_message = 2ULL * 1024 * 1024 * 1024;

}  // namespace ehds::node::exchange
