#pragma once
// P-Modes from our JSON format, described in edelivery/pmode/README.md. Strict: an unknown key, a wrong type or a
// missing value is a problem with its place and its mend; all problems are reported, not the first.
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "base/result.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

// How the certificates that the file names are fetched: path as written -> PEM or DER bytes. A problem's `where` is the
// path that was tried, which the finding repeats.
using read_certificate_file = std::function<result<std::string>(std::string const& path)>;

// Whose access point speaks AS4 under these P-Modes. Where it is another one, a Domibus that the node stands behind,
// that one has the address and the certificates of the partner: here they may be left out.
enum class spoken_by { this_node, another };

// Problems edelivery.pmode.{json, unknown_key, missing, wrong_type, value, certificate, duplicate}; `where` is a
// JSON pointer, of what is no JSON its line.
std::expected<pmode_book, problems> read_pmodes(std::string_view json, read_certificate_file const& read_file,
                                                spoken_by whose = spoken_by::this_node);

// The published JSON Schema of the format (pmode.schema.json): of a node that speaks AS4 itself; of one behind a
// Domibus its definition behind_domibus.
std::string_view pmode_schema();

}  // namespace ehds::edelivery
