#include "node/verbs/serving_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>

namespace ehds::tests {
namespace {

pid_t started(std::string configuration, int output, int log) {
  posix_spawn_file_actions_t doors;
  posix_spawn_file_actions_init(&doors);
  posix_spawn_file_actions_adddup2(&doors, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&doors, log, STDERR_FILENO);
  std::array<std::string, 4> words{EHDS_PROGRAM, "serve", "--config", std::move(configuration)};
  std::array<char*, 5> const given{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, EHDS_PROGRAM, &doors, nullptr, given.data(), environ) != 0) child = 0;
  posix_spawn_file_actions_destroy(&doors);
  return child;
}

// Until it is ready, or has ended.
std::string told_by(int from) {
  std::string said = "\n";
  std::array<char, 1024> piece{};
  while (!said.ends_with("\nready\n")) {
    auto const got = read(from, piece.data(), piece.size());
    if (got <= 0) break;
    said.append(piece.data(), static_cast<std::size_t>(got));
  }
  return said;
}

}  // namespace

serving_program::serving_program(std::filesystem::path const& configuration, int log) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
  pid_ = started(configuration.string(), ends[1], log);
  close(ends[1]);
  if (pid_ > 0) said_ = told_by(ends[0]);
  close(ends[0]);
}

serving_program::~serving_program() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string serving_program::url_of(std::string const& side) const {
  std::istringstream lines(said_);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(side + " ")) return line.substr(side.size() + 1);
  return {};
}

void serving_program::signal(int number) const { kill(pid_, number); }

int serving_program::end() {
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace ehds::tests
