#pragma once
// What a program says to libxml2 and OpenSSL once, and what it hears from them.
#include <cstdint>

namespace ehds::edelivery {

// For the start of a program, before either library is used.
// libxml2 writes what it dislikes to standard error, with a piece of what it read; where memory lacks, it does so
// whatever the options of the parser say. From here on it writes nothing, on this thread and on all that did not use
// it yet: problems are told by the results alone. And allocations of both that fail are counted from here on.
void prepare_libraries();

// How many allocations of libxml2 and OpenSSL have failed on this thread. Both often answer as if what they were given
// were bad: who refuses a message asks whether the number grew meanwhile.
std::uint64_t failed_allocations();

}  // namespace ehds::edelivery
