#pragma once
// What went wrong, in words a person can act on. Carried by every result<T>; turned into
// application/problem+json (RFC 9457) or an ebMS error at the borders only.
#include <string>
#include <vector>

namespace ehds {

struct problem {
  std::string code;    // stable, dotted, for programs: "dcat.turtle.syntax"
  std::string detail;  // one sentence for people; never holds personal data or secrets
  std::string where;   // place in the input: path, JSON pointer, line; empty when there is none
  std::string mend;    // what to do about it; empty when nothing sensible can be said

  bool operator==(problem const&) const = default;
};

using problems = std::vector<problem>;

// "detail (at where). Mend: mend" on one line, for terminals and logs.
std::string to_text(problem const& p);

}  // namespace ehds
