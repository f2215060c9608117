#pragma once
// Counts what this program has allocated and not freed, through operator new and through libxml2, and the highest it
// was.
#include <cstddef>

namespace ehds::edelivery::tests {

void count_libxml2();         // once, before libxml2 is used
void start_counting();        // the highest is from now on
std::size_t highest_since();  // bytes above what was held when counting started

}  // namespace ehds::edelivery::tests
