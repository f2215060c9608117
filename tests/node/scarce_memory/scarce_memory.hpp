#pragma once
// Memory that runs out once: the n-th allocation from now on fails, on whichever thread it is made, and all others
// succeed. Ours are those of operator new; those of the libraries (SQLite, OpenSSL, libxml2, zlib) come to malloc.
#include <cstdint>

// Under a sanitizer malloc is the sanitizer's: there the libraries have all the memory they want.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define EHDS_OWN_MALLOC
#endif

namespace ehds::tests {

enum class allocations { ours, of_libraries };

void fail_allocation(allocations whose, std::int64_t nth);
bool end_of_scarcity();  // true when one has failed

}  // namespace ehds::tests
