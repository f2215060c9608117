#pragma once
// What P-Modes can be used with, and yet is hardly meant: for warnings before a message finds out.
#include "base/problem.hpp"
#include "base/time.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

// Certificates of partners that ended or end within 60 days, each once; and of two P-Modes that fit the same received
// message the later, which does not get it. The narrower of the two first, and then the wider for the rest, is meant
// so. `where` names the P-Modes. Codes edelivery.pmode.{certificate_ends, same_messages}.
problems find_doubts(pmode_book const& book, instant now);

}  // namespace ehds::edelivery
