#include "connectors/data/synthetic/random_stream.hpp"

#include <bit>

namespace ehds::connectors::synthetic {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  auto mixed = state += 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31);
}

}  // namespace

random_stream::random_stream(std::uint64_t seed, std::uint64_t number) {
  auto first = seed;
  auto second = splitmix(first) ^ number;
  for (auto& word : state_) word = splitmix(second);
}

std::uint64_t random_stream::next() {
  auto const answer = std::rotl(state_[1] * 5, 7) * 9;
  auto const shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return answer;
}

// The multiply-high method; its bias below 2^-32 is of no concern for made-up persons.
std::uint32_t random_stream::below(std::uint32_t limit) {
  return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32);
}

std::int32_t random_stream::between(std::int32_t low, std::int32_t high) {
  if (high <= low) return low;
  return low + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(high - low) + 1));
}

bool random_stream::happens(std::uint32_t per_million) { return below(1'000'000) < per_million; }

std::int32_t random_stream::around(std::int32_t middle, std::int32_t reach) {
  std::int32_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += between(-reach, reach);
  return middle + sum / 4;
}

}  // namespace ehds::connectors::synthetic
