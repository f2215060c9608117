#pragma once
// What a program says to libxml2 and OpenSSL once, and what it hears from them.
#include <cstdint>
#include <new>
#include <stdexcept>

namespace ehds::edelivery {

// For the start of a program, before either library is used.
// libxml2 writes what it dislikes to standard error, with a piece of what it read; where memory lacks, it does so
// whatever the options of the parser say. From here on it writes nothing, on this thread and on all that did not use
// it yet: problems are told by the results alone. And allocations of both that fail are counted from here on.
// std::logic_error when OpenSSL was used before: it then takes no allocator.
void prepare_libraries();

// How many allocations of libxml2 and OpenSSL have failed on this thread.
std::uint64_t failed_allocations();

// What `look` finds, an expected. Both libraries often answer as if what they were given were bad where memory lacks:
// what is refused while an allocation failed is std::bad_alloc, for nothing is known of it.
template <class Look>
auto judged_with_memory(Look const& look) {
  auto const failed_before = failed_allocations();
  try {
    auto found = look();
    if (found || failed_allocations() == failed_before) return found;
  } catch (std::runtime_error const&) {
    if (failed_allocations() == failed_before) throw;
  }
  throw std::bad_alloc();
}

}  // namespace ehds::edelivery
