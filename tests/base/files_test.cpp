// A whole file as bytes, or nothing.
#include "base/files.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/ids.hpp"

using namespace ehds;

namespace {

struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ehds-" + random_uuid());
  folder() { std::filesystem::create_directory(path); }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path with(std::string const& bytes) const {
    std::ofstream(path / "file", std::ios::binary) << bytes;
    return path / "file";
  }
};

}  // namespace

TEST_CASE("a file is read whole, whatever bytes it holds") {
  folder const here;
  for (auto const size : {0U, 1U, 65'535U, 65'536U, 65'537U, 200'000U}) {
    std::string bytes(size, '\0');
    for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(at * 7);
    CHECK(read_file(here.with(bytes)) == bytes);
  }
}

TEST_CASE("what cannot be looked at may exist, what is not there does not") {
  folder const here;
  CHECK(may_exist(here.with("x")));
  CHECK(may_exist(here.path));
  CHECK_FALSE(may_exist(here.path / "missing"));
  std::filesystem::create_symlink(here.path / "loop", here.path / "loop");
  CHECK(may_exist(here.path / "loop"));
  CHECK_FALSE(read_file(here.path / "loop"));
}

TEST_CASE("what is longer than the limit, missing or a folder is nothing") {
  folder const here;
  CHECK(read_file(here.with("12345"), 5) == "12345");
  CHECK_FALSE(read_file(here.with("123456"), 5));
  CHECK_FALSE(read_file(here.path / "missing"));
  CHECK_FALSE(read_file(here.path));
  CHECK_FALSE(read_file(here.path / "missing" / "file"));
}
