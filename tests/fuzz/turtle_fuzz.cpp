// Whatever the bytes: no crash, and what is read survives being written and read again.
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
  auto const as = size % 3 == 0 ? syntax::trig : syntax::turtle;
  auto const read = read_rdf(text, as, how);
  if (!read) return 0;
  auto const again = read_rdf(write_ntriples(*read), syntax::ntriples);
  if (again && canonical_ntriples(*again).size() != canonical_ntriples(*read).size()) std::abort();
  auto const pretty = write_turtle(*read);
  if (!read_rdf(pretty, syntax::turtle, how) && again) std::abort();
  (void)write_jsonld(*read);
  return 0;
}
