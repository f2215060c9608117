#pragma once
// The release pack of the repository, and good records to spoil.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "dcat/rdf/read.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/validate.hpp"

namespace ehds::dcat::tests {

inline release_pack const& r8() {
  static release_pack const pack = [] {
    auto loaded = load_release_pack(EHDS_SOURCE_DIR "/dcat/release/packs/r8");
    if (!loaded) FAIL(to_text(loaded.error()));
    return *std::move(loaded);
  }();
  return pack;
}

inline validator const& r8_rules() {
  static validator const rules(r8());
  return rules;
}

inline std::string file_text(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string fixture(std::string const& name) {
  return file_text(std::string(EHDS_TEST_DIR) + "/fixtures/" + name);
}

inline graph turtle(std::string const& text) {
  auto read = read_rdf(text, syntax::turtle);
  INFO(text);
  if (!read) FAIL(to_text(read.error()));
  return *std::move(read);
}

}  // namespace ehds::dcat::tests
