#include "node/verbs/program.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "node/house/one_house.hpp"

namespace ehds::tests {
namespace {

std::string quoted(std::string const& word) {
  std::string text = "'";
  for (char const c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

ran run(std::vector<std::string> const& words) {
  fresh_folder const folder;
  std::string command = "timeout 60 " + quoted(EHDS_PROGRAM);
  for (auto const& word : words) command += " " + quoted(word);
  command += " > " + quoted(folder / "out") + " 2> " + quoted(folder / "err") + " < /dev/null";
  int const status = std::system(command.c_str());  // NOLINT: our own words, quoted
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, text_of_file(folder / "out"), text_of_file(folder / "err")};
}

bool is_one_sentence(ran const& done, std::string const& naming) {
  auto const& text = done.complaint;
  return text.starts_with("ehds-node: ") && std::ranges::count(text, '\n') == 1 && text.ends_with('\n') &&
         text.find(naming) != std::string::npos && text.size() < 600;
}

std::string file_with(fresh_folder const& folder, char const* name, std::string const& text) {
  std::ofstream(folder / name, std::ios::binary) << text;
  return (folder / name).string();
}

}  // namespace ehds::tests
