#include "edelivery/cost/counted_memory.hpp"

#include <libxml/xmlmemory.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::atomic<std::ptrdiff_t> held{0};
std::atomic<std::ptrdiff_t> highest{0};
std::ptrdiff_t start = 0;

void* counted(void* p) {
  if (p == nullptr) return p;
  auto const now = held.fetch_add(static_cast<std::ptrdiff_t>(malloc_usable_size(p))) +
                   static_cast<std::ptrdiff_t>(malloc_usable_size(p));
  auto seen = highest.load();
  while (now > seen && !highest.compare_exchange_weak(seen, now)) {
  }
  return p;
}
void* take(std::size_t size) { return counted(std::malloc(size)); }
void give(void* p) {
  if (p != nullptr) held.fetch_sub(static_cast<std::ptrdiff_t>(malloc_usable_size(p)));
  std::free(p);
}
void* resize(void* p, std::size_t size) {
  if (p != nullptr) held.fetch_sub(static_cast<std::ptrdiff_t>(malloc_usable_size(p)));
  return counted(std::realloc(p, size));
}
char* duplicate(char const* text) {
  auto const size = std::strlen(text) + 1;
  auto* const copy = take(size);
  return copy == nullptr ? nullptr : static_cast<char*>(std::memcpy(copy, text, size));
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const p = take(size)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* p) noexcept { give(p); }
void operator delete[](void* p) noexcept { give(p); }
void operator delete(void* p, std::size_t) noexcept { give(p); }
void operator delete[](void* p, std::size_t) noexcept { give(p); }

namespace ehds::edelivery::tests {

void count_libxml2() { xmlMemSetup(&give, &take, &resize, &duplicate); }

void start_counting() {
  start = held.load();
  highest = start;
}

std::size_t highest_since() { return static_cast<std::size_t>(highest.load() - start); }

}  // namespace ehds::edelivery::tests
