#pragma once

namespace ehds::edelivery::xml {

// libxml2 writes what it dislikes to standard error, with a piece of what it read; where memory lacks, it does so
// whatever the options of the parser say. From here on it writes nothing, on this thread and on all that did not use it
// yet: for the start of a program. Problems are told by the results alone.
void keep_libxml2_quiet();

}  // namespace ehds::edelivery::xml
