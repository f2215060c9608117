#pragma once
// write(2) as it may be: as long as one of these lives, every write of this program is interrupted, then short, in
// turns; or the disk is full after so many bytes. The program links tests/faulty_writes.cpp.
#include <cstddef>
#include <optional>

namespace ehds::tests {

class faulty_writes {
 public:
  explicit faulty_writes(std::optional<std::size_t> room = std::nullopt);  // bytes until ENOSPC
  ~faulty_writes();
  faulty_writes(faulty_writes const&) = delete;
  faulty_writes& operator=(faulty_writes const&) = delete;

  static std::size_t count();  // writes since the last one was made
};

}  // namespace ehds::tests
