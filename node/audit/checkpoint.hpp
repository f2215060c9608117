#pragma once
// Signed checkpoints of the log, as C2SP tlog-checkpoint over C2SP signed-note: origin, size, root hash, and an Ed25519
// signature line. The verifier key is C2SP's text "name+id+key", which may be published.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::audit {

struct checkpoint {
  std::string origin;  // names the log: "ehds-node.example.fr/audit"
  std::uint64_t size = 0;
  std::string root;  // 32 raw bytes

  bool operator==(checkpoint const&) const = default;
};

// Signs bytes with Ed25519 (RFC 8032) and says its public key. The private key stays wherever the caller keeps it.
struct checkpoint_signer {
  std::string name;        // of the key; no blanks, no "+"
  std::string public_key;  // 32 raw bytes
  std::function<std::string(std::string_view bytes)> sign;
};

// From an unencrypted PKCS#8 Ed25519 key in PEM. Problem: audit.key.
result<checkpoint_signer> signer_from_pem(std::string name, std::string_view pem);
std::string make_signing_key_pem();  // a new key

std::string verifier_key(checkpoint_signer const& signer);
result<void> check_verifier_key(std::string_view verifier_key);  // problem: audit.key

std::string signed_note(checkpoint const& at, checkpoint_signer const& signer);
// Reads a note and checks the signature of this verifier key. Problems: audit.note, audit.key, audit.signature.
result<checkpoint> open_note(std::string_view note, std::string_view verifier_key);

}  // namespace ehds::node::audit
