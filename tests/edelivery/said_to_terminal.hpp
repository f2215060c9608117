#pragma once
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace ehds::tests {

// What the process writes to standard error until the end.
class said_to_terminal {
 public:
  said_to_terminal() : file_(std::tmpfile()), terminal_(dup(STDERR_FILENO)) {
    if (file_ == nullptr || terminal_ < 0) throw std::runtime_error("there is no room for what is said");
    dup2(fileno(file_), STDERR_FILENO);
  }
  ~said_to_terminal() { end(); }
  said_to_terminal(said_to_terminal const&) = delete;
  said_to_terminal& operator=(said_to_terminal const&) = delete;

  std::string end() {
    if (terminal_ < 0) return "";
    std::fflush(stderr);
    dup2(terminal_, STDERR_FILENO);
    close(std::exchange(terminal_, -1));
    std::string text(4096, '\0');
    std::rewind(file_);
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    std::fclose(file_);
    return text;
  }

 private:
  std::FILE* file_;
  int terminal_;
};

}  // namespace ehds::tests
