#include "node/demo/telling.hpp"

#include <unistd.h>

#include <csignal>
#include <iostream>

namespace ehds::node::demo {
namespace {

volatile std::sig_atomic_t interrupted = 0;

std::string styled(std::string const& text, char const* style) {
  static bool const on_terminal = isatty(STDOUT_FILENO) == 1;
  return on_terminal ? std::string("\033[") + style + "m" + text + "\033[0m" : text;
}

}  // namespace

void tell_step(int number, std::string const& title) {
  std::cout << '\n' << styled(std::to_string(number) + ". " + title, "1") << std::endl;
}
void tell(std::string const& what) { std::cout << "   " << what << std::endl; }
void tell_open(std::string const& what, std::string const& address) {
  std::cout << "   " << styled("→ " + what + ": " + address, "36") << std::endl;
}
void tell_quiet(std::string const& what) { std::cout << styled(what, "2") << std::endl; }

void note_interruption() { interrupted = 1; }
bool is_interrupted() { return interrupted != 0; }

void must(bool is_so, std::string const& sentence) {
  if (!is_so) throw story_error(sentence);
}

}  // namespace ehds::node::demo
