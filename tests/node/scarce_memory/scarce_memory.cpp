#include "node/scarce_memory/scarce_memory.hpp"

#include <dlfcn.h>
#include <execinfo.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <span>
#include <string_view>

namespace {

// To go until the one that fails; below zero: never.
std::atomic<std::int64_t> ours_left{-1};
std::atomic<std::int64_t> libraries_left{-1};

// nlohmann's values allocate while they are destroyed. Where that fails the process ends, and is started again as after
// a kill: kill_test.cpp of the store and of the exchange.
bool is_in_json_destructor() {
  std::array<void*, 64> frames{};
  auto const depth = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  for (auto* const frame : std::span(frames).first(static_cast<std::size_t>(depth))) {
    Dl_info about{};
    if (::dladdr(frame, &about) == 0 || about.dli_sname == nullptr) continue;
    std::string_view const name = about.dli_sname;
    if (name.find("nlohmann") != name.npos && (name.ends_with("D2Ev") || name.ends_with("D1Ev"))) return true;
  }
  return false;
}

// Two threads that come at once never step over the end.
bool is_the_one(std::atomic<std::int64_t>& left) {
  auto before = left.load();
  while (before > 0 && !left.compare_exchange_weak(before, before - 1)) {
  }
  return before == 1;
}

bool is_refused_to_us() { return (ours_left != 1 || !is_in_json_destructor()) && is_the_one(ours_left); }

}  // namespace

#ifdef EHDS_OWN_MALLOC
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* p, std::size_t size);

namespace {

bool is_refused() {
  if (!is_the_one(libraries_left)) return false;
  errno = ENOMEM;
  return true;
}

}  // namespace

void* malloc(std::size_t size) { return is_refused() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return is_refused() ? nullptr : __libc_calloc(count, size); }
void* realloc(void* p, std::size_t size) { return is_refused() ? nullptr : __libc_realloc(p, size); }
}
#endif

namespace {

void* taken(std::size_t size) {
  if (is_refused_to_us()) return nullptr;
#ifdef EHDS_OWN_MALLOC
  return __libc_malloc(size);
#else
  return std::malloc(size);
#endif
}

}  // namespace

// All forms, so that what one of them took is never given back by another's owner: AddressSanitizer has its own.
void* operator new(std::size_t size) {
  if (void* const p = taken(size)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return taken(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return taken(size); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { std::free(p); }

// libxml2, and nlohmann's lists while they are made, leak what they took before the allocation that failed.
// AddressSanitizer asks for this; all else that it finds counts.
extern "C" char const* __asan_default_options() { return "detect_leaks=0"; }  // NOLINT(bugprone-reserved-identifier)

namespace ehds::tests {

void fail_allocation(allocations whose, std::int64_t nth) {
  (whose == allocations::ours ? ours_left : libraries_left) = nth;
}

bool end_of_scarcity() { return ours_left.exchange(-1) == 0 || libraries_left.exchange(-1) == 0; }

}  // namespace ehds::tests
