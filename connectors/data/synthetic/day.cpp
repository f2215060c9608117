#include "connectors/data/synthetic/day.hpp"

#include <memory>
#include <stdexcept>

namespace ehds::connectors::synthetic {
namespace {

constexpr day first_text = day_of(1900, 1, 1);
constexpr day last_text = day_of(2049, 12, 31);
constexpr std::size_t text_count = last_text - first_text + 1;

void write_number(char* to, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

std::unique_ptr<char[]> all_texts() {
  auto texts = std::make_unique<char[]>(text_count * 10);
  for (std::size_t i = 0; i < text_count; ++i) {
    auto const shown = calendar(first_text + static_cast<day>(i));
    char* const to = texts.get() + i * 10;
    write_number(to, static_cast<unsigned>(static_cast<int>(shown.year())), 4);
    to[4] = to[7] = '-';
    write_number(to + 5, static_cast<unsigned>(shown.month()), 2);
    write_number(to + 8, static_cast<unsigned>(shown.day()), 2);
  }
  return texts;
}

}  // namespace

std::string_view text_of(day at) {
  static auto const texts = all_texts();
  if (at < first_text || at > last_text) throw std::out_of_range("day outside 1900 to 2049");
  return {texts.get() + static_cast<std::size_t>(at - first_text) * 10, 10};
}

}  // namespace ehds::connectors::synthetic
