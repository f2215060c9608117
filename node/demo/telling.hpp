#pragma once
// How the story is printed: numbered steps, what happened under each, and what to open next.
#include <stdexcept>
#include <string>

namespace ehds::node::demo {

// The story cannot go on: something did not happen that must.
class story_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void tell_step(int number, std::string const& title);
void tell(std::string const& what);                                   // something that happened
void tell_open(std::string const& what, std::string const& address);  // something to look at
void tell_quiet(std::string const& what);                             // preparation

// Ctrl-C was pressed: whoever waits stops waiting.
void note_interruption();
bool is_interrupted();

// Throws story_error with the sentence when it is not so.
void must(bool is_so, std::string const& sentence);

}  // namespace ehds::node::demo
