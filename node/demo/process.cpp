#include "node/demo/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

[[noreturn]] void become(std::vector<std::string> const& command, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == 1) _exit(127);  // the parent was gone before that
  setpgid(0, 0);                   // Ctrl-C is for the parent, which ends its children in order
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> words;
  for (auto const& word : command) words.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execvp's old signature
  words.push_back(nullptr);
  execvp(words.front(), words.data());
  _exit(127);
}

// What the child printed; 0 at its end, and when Ctrl-C was pressed meanwhile.
ssize_t read_or_interrupted(int from, std::array<char, 4096>& into) {
  constexpr int look_again_ms = 100;
  pollfd door{from, POLLIN, 0};
  while (!is_interrupted())
    if (poll(&door, 1, look_again_ms) > 0) return read(from, into.data(), into.size());
  return 0;
}

}  // namespace

process& process::operator=(process&& other) noexcept {
  if (this == &other) return *this;
  kill();
  pid_ = other.pid_;
  status_ = other.status_;
  other.pid_ = 0;
  return *this;
}

process::~process() { kill(); }

process process::start(std::vector<std::string> const& command, std::filesystem::path const& output) {
  int const file = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw story_error("cannot write " + output.string());
  auto const pid = fork();
  if (pid == 0) become(command, file);
  close(file);
  if (pid < 0) throw story_error("cannot start " + command.front());
  return process(pid);
}

bool process::is_running() {
  if (pid_ <= 0) return false;
  int status = 0;
  auto const ended = waitpid(pid_, &status, WNOHANG);
  if (ended == 0) return true;
  if (ended == pid_) status_ = status;
  pid_ = 0;
  return false;
}

std::string process::how_it_ended() const {
  if (!status_) return {};
  if (WIFSIGNALED(*status_)) return "signal " + std::to_string(WTERMSIG(*status_));
  return "exit " + std::to_string(WEXITSTATUS(*status_));
}

void process::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

bool process::end(std::chrono::milliseconds patience) {
  if (pid_ <= 0) return true;
  ::kill(pid_, SIGTERM);
  constexpr std::chrono::milliseconds step{10};
  for (auto waited = step; waited < patience; waited += step) {
    if (!is_running()) return true;
    std::this_thread::sleep_for(step);
  }
  kill();
  return false;
}

void must_find_programs(std::filesystem::path const& folder, std::vector<std::string> const& names) {
  std::string missing;
  for (auto const& name : names) {
    std::error_code ignored;
    bool const is_there = std::filesystem::is_regular_file(folder / name, ignored) &&
                          access((folder / name).c_str(), X_OK) == 0;  // a folder may be "executed" as well
    if (!is_there) missing += (missing.empty() ? "" : " and ") + name;
  }
  must(missing.empty(), "the demonstration also runs " + missing + ", looked for in " + folder.string() +
                            ": ./gateway build makes all of them there, or put them beside ehds-node");
}

finished run_to_end(std::vector<std::string> const& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw story_error("cannot make a pipe");
  auto const pid = fork();
  if (pid == 0) become(command, ends[1]);
  close(ends[1]);
  finished done;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read_or_interrupted(ends[0], buffer)) > 0;)
    done.output.append(buffer.data(), static_cast<std::size_t>(got));
  if (is_interrupted()) ::kill(pid, SIGKILL);
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  done.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return done;
}

}  // namespace ehds::node::demo
