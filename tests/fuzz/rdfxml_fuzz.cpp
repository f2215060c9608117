// Whatever the bytes: no crash, no network, and what is read survives being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dcat/rdf/canonical.hpp"
#include "dcat/rdf/read.hpp"
#include "dcat/rdf/write.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::dcat;
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  reading how;
  how.base_iri = "http://base.example/";
  how.max_triples = 2000;
  auto const read = read_rdf(text, syntax::rdfxml, how);
  if (!read) return 0;
  auto const written = write_rdfxml(*read);
  if (!written) return 0;
  auto const again = read_rdf(*written, syntax::rdfxml, how);
  if (!again || again->size() != read->size()) std::abort();
  return 0;
}
