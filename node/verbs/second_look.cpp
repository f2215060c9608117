#include "node/verbs/second_look.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <sstream>

namespace ehds::node::verbs {
namespace {

constexpr int look_for_end_ms = 100;
constexpr std::size_t most_bytes = 64 * 1024;  // of what it says; more is not kept

// The program itself, without our signals' mask and with nothing of ours open.
std::optional<pid_t> started(std::string const& configuration, int output) {
  posix_spawn_file_actions_t doors;
  posix_spawnattr_t terms;
  posix_spawn_file_actions_init(&doors);
  posix_spawnattr_init(&terms);
  posix_spawn_file_actions_addopen(&doors, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&doors, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&doors, output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&doors, STDERR_FILENO + 1);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&terms, &none);
  posix_spawnattr_setflags(&terms, POSIX_SPAWN_SETSIGMASK);
  std::array<std::string, 4> words{"ehds-node", "config", "check", configuration};
  std::array<char*, 5> const given{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  pid_t child = 0;
  bool const done = posix_spawn(&child, "/proc/self/exe", &doors, &terms, given.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&doors);
  posix_spawnattr_destroy(&terms);
  return done ? std::optional(child) : std::nullopt;
}

// All that is said; nothing when it was over before.
std::optional<std::string> heard(int from, std::function<bool()> const& is_over) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    if (is_over()) return std::nullopt;
    pollfd door{from, POLLIN, 0};
    if (poll(&door, 1, look_for_end_ms) <= 0) continue;
    auto const got = read(from, piece.data(), piece.size());
    if (got <= 0) return text;
    if (text.size() < most_bytes) text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::vector<std::string> sentences_in(std::string const& text) {
  constexpr std::string_view name = "ehds-node: ";
  std::vector<std::string> sentences;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name)) sentences.push_back(line.substr(name.size()));
  return sentences;
}

}  // namespace

std::optional<second_look> look_again(std::string const& configuration, std::function<bool()> const& is_over) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  auto const child = started(configuration, ends[1]);
  close(ends[1]);
  auto const text = child ? heard(ends[0], is_over) : std::nullopt;
  close(ends[0]);
  if (!child) return std::nullopt;
  if (!text) kill(*child, SIGKILL);
  int status = 0;
  if (waitpid(*child, &status, 0) != *child || !text || !WIFEXITED(status)) return std::nullopt;
  return second_look{WEXITSTATUS(status) == 0, sentences_in(*text)};
}

}  // namespace ehds::node::verbs
