#pragma once
// What the server says by itself, without the application or in spite of it. Known inside node/http alone.
#include <functional>
#include <string>

#include "node/http/framing.hpp"
#include "node/http/router.hpp"

namespace ehds::node::http {

response refused(refusal const& why);
// 503 with Retry-After.
response busy_answer(char const* why);
// What a handler throws is ours to mend, not the caller's to read: it goes to `failed`.
response guarded_answer(application const& asked_of, request const& asked,
                        std::function<void(std::string const& what)> const& failed);

}  // namespace ehds::node::http
