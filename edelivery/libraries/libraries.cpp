#include "edelivery/libraries/libraries.hpp"

#include <libxml/globals.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>

namespace ehds::edelivery {
namespace {

thread_local std::uint64_t failed = 0;

void* counted(void* got) {
  if (got == nullptr) ++failed;
  return got;
}

void* allocate(std::size_t size) { return counted(std::malloc(size)); }
void* resize(void* old, std::size_t size) {
  auto* const got = std::realloc(old, size);
  return size == 0 ? got : counted(got);  // to nothing is no failure
}
char* duplicate(char const* text) { return static_cast<char*>(counted(::strdup(text))); }

// OpenSSL tells where it allocates.
void* allocate_at(std::size_t size, char const*, int) { return allocate(size); }
void* resize_at(void* old, std::size_t size, char const*, int) { return resize(old, size); }
void free_at(void* old, char const*, int) { std::free(old); }

void say_nothing(void*, char const*, ...) {}  // NOLINT(cert-dcl50-cpp): libxml2's own form

}  // namespace

void prepare_libraries() {
  xmlMemSetup(&std::free, &allocate, &resize, &duplicate);
  xmlInitParser();
  xmlSetGenericErrorFunc(nullptr, &say_nothing);
  xmlThrDefSetGenericErrorFunc(nullptr, &say_nothing);
  if (CRYPTO_set_mem_functions(&allocate_at, &resize_at, &free_at) == 0)
    throw std::logic_error("OpenSSL was used before prepare_libraries(): its failed allocations are not counted");
}

std::uint64_t failed_allocations() { return failed; }

}  // namespace ehds::edelivery
