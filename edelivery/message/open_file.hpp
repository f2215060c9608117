#pragma once
// A raw message as somebody saved it, looked at under our P-Modes: what `ehds-node as4 open` prints. Nothing is
// stored, answered or remembered.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "edelivery/message/open.hpp"

namespace ehds::edelivery {

struct opened_part {
  std::string content_id;
  std::size_t bytes = 0;
  std::string sha256;  // hex, of the unpacked payload
};

struct opened_file {
  bool accepted = false;
  std::string code;        // EBMS code of the refusal, empty when accepted
  std::string message_id;  // empty when it could not be read
  std::string kind;        // "userMessage", "receipt" or "error"; empty when it could not be read
  std::string pmode_id;
  std::string signer;  // subject of the certificate, when verified
  std::vector<opened_part> parts;
  std::vector<ebms_error> errors;    // of an error signal
  std::optional<problem> diagnosis;  // why not
  bool compared_with_sent = false;   // a receipt was checked against the message it acknowledges
};

// `file`: a body with or without HTTP headers (and request or status line) in front; without headers the
// kind is told by its first bytes. `sent`: the message that a receipt or error answers, in the same forms, as it
// left; without it a receipt is checked under every P-Mode but not compared.
opened_file open_file(std::string_view file, std::optional<std::string_view> sent, pmode_book const& book,
                      access_point const& us, instant now);

// {"outcome":"accepted"|"refused","code":null|"EBMS:0101","messageId":...,"parts":[{"contentId","bytes","sha256"}],
//  "kind":...,"pmode":...,"signer":...,"errors":[...],"comparedWithSent":...,"diagnosis":null|{code,detail,where,mend}}
std::string to_json(opened_file const& opened);

}  // namespace ehds::edelivery
