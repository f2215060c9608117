#pragma once
// Which of our forms does the asker want, in which language, and has it the current version already?
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/http/request.hpp"

namespace ehds::node::http {

// The offer that Accept likes best (RFC 9110 12.5.1): more specific ranges decide, ties go to the earlier offer.
// No Accept at all: the first offer. Nothing acceptable: none (answer 406).
std::optional<std::string> best_media_type(std::string_view accept, std::vector<std::string> const& offers);
// The same for Accept-Language (RFC 4647 3.4 lookup); falls back to the first offer.
std::string best_language(std::string_view accept_language, std::vector<std::string> const& offers);

std::string strong_etag(std::string_view bytes);  // "\"<hash>\""
// If-None-Match holds the tag, or "*" (RFC 9110 13.1.2, weak comparison).
bool has_current(request const& asked, std::string_view etag);

}  // namespace ehds::node::http
