// The canonical form made from a text beside the one that libxml2 makes: the same, or none.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "edelivery/xml/canonical_text.hpp"
#include "edelivery/xml/document.hpp"

using namespace ehds::edelivery;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const ours = xml::canonical_text(text, {{"a", "http://a.example/ns"}, {"b", "urn:b:ns"}});
  if (!ours) return 0;
  xml::limits wide;  // what we write may be more than we would take from others
  wide.tree_growth = 64;
  auto const parsed = xml::document::parse(
      R"(<a:around xmlns:a="http://a.example/ns" xmlns:b="urn:b:ns">)" + text + "</a:around>", wide);
  if (!parsed || parsed->root().children().size() != 1) std::abort();
  auto const theirs = xml::canonicalize(parsed->root().children().front());
  if (!theirs || *theirs != *ours) std::abort();
  return 0;
}
