#pragma once
// What `ehds-node VERB ...` does, a file each. A verb gets the words after it and returns the exit code: 0 done, 1 the
// answer is no, 2 the question could not be read. Results go to standard output, complaints to standard error.
#include <string>
#include <vector>

#include "base/result.hpp"

namespace ehds::node::verbs {

using words = std::vector<std::string>;

int serve(words const& given);                // --config F
int validate(words const& given);             // FILE [--release r8] [--json]
int query(words const& given);                // sql --dialect sqlite|postgresql|trino QUERY.json
int permit(words const& given);               // verify FILE --jwks FILE
int as4(words const& given);                  // open FILE --config F [--sent FILE] | ping F --pmode ID
int as4_ping(words const& given);             // the words after `as4`
extern char const* const as4_ping_form;       // how it is asked, without the word usage
int audit(words const& given);                // verify STORE|EXPORT [--key K] [--witness FILE] | export STORE
int ledger(words const& given);               // list --config F | show ID --config F
int keys(words const& given);                 // init-ca | issue | show | request | import | roll | announce
int keys_announce(words const& given);        // the words after `keys`
extern char const* const keys_announce_form;  // how it is asked, without the word usage
int config(words const& given);               // check F | schema
int pmode(words const& given);                // check F | schema | import F.xml [--party P]
int demo(words const& given);

// One sentence on standard error; the code is returned.
int complain(std::string const& sentence, int code);
// The bytes of a file; "-" is standard input. Problems input.unreadable, input.too_large (over 64 MiB).
result<std::string> read_input(std::string const& file);
// The same, complaining.
bool slurp(std::string const& file, std::string& bytes);

}  // namespace ehds::node::verbs
