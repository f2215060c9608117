#pragma once
// A stream of random numbers that is the same on every machine: xoshiro256** seeded by splitmix64, integer
// arithmetic only. The standard library's distributions differ between implementations; these draws do not.
#include <array>
#include <cstdint>

namespace ehds::connectors::synthetic {

class random_stream {
 public:
  // Streams of the same seed and another number have nothing to do with each other: a person's life depends on the
  // seed and the person's number alone, never on who was made before.
  random_stream(std::uint64_t seed, std::uint64_t number);

  std::uint64_t next();
  std::uint32_t below(std::uint32_t limit);                   // 0 .. limit-1; limit > 0
  std::int32_t between(std::int32_t low, std::int32_t high);  // both included
  bool happens(std::uint32_t per_million);
  // Bell-shaped around the middle, never further than reach from it: the sum of four even draws.
  std::int32_t around(std::int32_t middle, std::int32_t reach);

  template <std::size_t Count>
  std::size_t pick(std::array<std::uint32_t, Count> const& weights) {
    std::uint32_t total = 0;
    for (auto const weight : weights) total += weight;
    auto left = below(total);
    for (std::size_t i = 0; i < Count; ++i) {
      if (left < weights[i]) return i;
      left -= weights[i];
    }
    return Count - 1;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace ehds::connectors::synthetic
