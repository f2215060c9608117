#pragma once
// AES-128-GCM as XML Encryption 1.1 stores it (IV of 12 bytes, ciphertext, tag of 16 bytes), in pieces of any size and
// with memory for one piece. For the sources of this folder only.
#include <memory>
#include <string>
#include <string_view>

namespace ehds::edelivery {

inline constexpr std::size_t gcm_iv_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

class gcm_sealing {
 public:
  explicit gcm_sealing(std::string_view key);  // with a fresh IV
  ~gcm_sealing();
  gcm_sealing(gcm_sealing&&) noexcept;
  gcm_sealing& operator=(gcm_sealing&&) noexcept;

  std::string_view iv() const;                   // goes first
  std::string_view add(std::string_view plain);  // ciphertext, until the next call
  std::string finish();                          // the tag; once

 private:
  struct state;
  std::unique_ptr<state> state_;
};

class gcm_opening {
 public:
  explicit gcm_opening(std::string_view key);
  ~gcm_opening();
  gcm_opening(gcm_opening&&) noexcept;
  gcm_opening& operator=(gcm_opening&&) noexcept;

  std::string_view add(std::string_view sealed);  // what it says so far, until the next call; proven by finish() alone
  bool finish();                                  // is the tag good? once

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ehds::edelivery
