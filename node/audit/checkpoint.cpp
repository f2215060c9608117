#include "node/audit/checkpoint.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "base/bytes.hpp"
#include "base/numbers.hpp"

namespace ehds::node::audit {
namespace {

struct releaser {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using key_handle = std::unique_ptr<EVP_PKEY, releaser>;

constexpr std::size_t public_key_size = 32;
constexpr char ed25519_kind = '\1';           // C2SP signed-note
constexpr std::string_view dash = "\u2014 ";  // begins a signature line

unsigned char const* octets(std::string_view bytes) { return reinterpret_cast<unsigned char const*>(bytes.data()); }

std::string public_key_of(EVP_PKEY* key) {
  std::string raw(public_key_size, '\0');
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) return {};
  return raw;
}

std::string sign_with(EVP_PKEY* key, std::string_view bytes) {
  std::unique_ptr<EVP_MD_CTX, releaser> const context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, octets(bytes),
                     bytes.size()) != 1)
    throw std::runtime_error("OpenSSL did not sign the checkpoint");
  return signature;
}

bool is_signature(std::string_view signature, std::string_view bytes, std::string_view public_key) {
  key_handle const key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(public_key), public_key.size()));
  std::unique_ptr<EVP_MD_CTX, releaser> const context(EVP_MD_CTX_new());
  return key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(bytes), bytes.size()) == 1;
}

std::string key_id(std::string_view name, std::string_view public_key) {
  std::string named(name);
  named += '\n';
  named += ed25519_kind;
  named += public_key;
  return sha256(named).substr(0, 4);
}

struct known_key {
  std::string name;
  std::string id;
  std::string public_key;
};

result<known_key> read_verifier_key(std::string_view text) {
  problem const wrong{"audit.key", "The verifier key is not of the form name+id+key with an Ed25519 key.", "",
                      "Copy it from the node that wrote the log."};
  auto const first = text.find('+');
  auto const second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return wrong;
  auto const raw = from_base64(text.substr(second + 1));
  if (!raw || raw->size() != public_key_size + 1 || raw->front() != ed25519_kind) return wrong;
  known_key key{std::string(text.substr(0, first)), {}, raw->substr(1)};
  key.id = key_id(key.name, key.public_key);
  if (to_hex(key.id) != text.substr(first + 1, second - first - 1)) return wrong;
  return key;
}

std::string text_of(checkpoint const& at) {
  return at.origin + '\n' + std::to_string(at.size) + '\n' + to_base64(at.root) + '\n';
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    auto const end = text.find('\n', at);
    if (end == text.npos) break;
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

result<checkpoint> read_text(std::string_view text) {
  problem const wrong{"audit.note", "The checkpoint is not an origin, a size and a root hash, a line each.", "", ""};
  auto const lines = lines_of(text);
  if (lines.size() < 3 || lines[0].empty()) return wrong;
  auto const size = parse_number<std::uint64_t>(lines[1]);
  auto const root = from_base64(lines[2]);
  if (!size || std::to_string(*size) != lines[1]) return wrong;
  if (!root || root->size() != 32 || to_base64(*root) != lines[2]) return wrong;
  return checkpoint{std::string(lines[0]), *size, *root};
}

// Does one of the signature lines hold a signature of that key over the text?
bool is_signed(std::string_view text, std::string_view signatures, known_key const& key) {
  for (auto line : lines_of(signatures)) {
    if (!line.starts_with(dash)) continue;
    line.remove_prefix(dash.size());
    auto const blank = line.find(' ');
    if (blank == line.npos || line.substr(0, blank) != key.name) continue;
    auto const written = line.substr(blank + 1);
    auto const raw = from_base64(written);
    if (!raw || to_base64(*raw) != written) continue;  // one spelling, so that every changed byte is seen
    if (raw->size() != 4 + 64 || raw->substr(0, 4) != key.id) continue;
    if (is_signature(raw->substr(4), text, key.public_key)) return true;
  }
  return false;
}

}  // namespace

result<checkpoint_signer> signer_from_pem(std::string name, std::string_view pem) {
  problem const wrong{"audit.key", "The key of the audit log is not an unencrypted Ed25519 key in PEM.", "",
                      "Make one: openssl genpkey -algorithm ed25519"};
  std::unique_ptr<BIO, releaser> const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // An empty pass phrase instead of a prompt.
  std::string empty;
  std::shared_ptr<EVP_PKEY> const key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, empty.data()),
                                      EVP_PKEY_free);
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return wrong;
  if (name.empty() || name.find_first_of(" +\n") != name.npos)
    return problem{"audit.key", "The name of a checkpoint key holds no blank and no plus sign.", name, ""};
  return checkpoint_signer{std::move(name), public_key_of(key.get()),
                           [key](std::string_view bytes) { return sign_with(key.get(), bytes); }};
}

std::string make_signing_key_pem() {
  key_handle const key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  std::unique_ptr<BIO, releaser> const bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("OpenSSL did not make an Ed25519 key");
  char* text = nullptr;
  auto const size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string verifier_key(checkpoint_signer const& signer) {
  return signer.name + '+' + to_hex(key_id(signer.name, signer.public_key)) + '+' +
         to_base64(ed25519_kind + signer.public_key);
}

result<void> check_verifier_key(std::string_view verifier_key) {
  auto const key = read_verifier_key(verifier_key);
  return key ? result<void>{} : key.error();
}

std::string signed_note(checkpoint const& at, checkpoint_signer const& signer) {
  std::string const text = text_of(at);
  std::string const signature = key_id(signer.name, signer.public_key) + signer.sign(text);
  return text + '\n' + std::string(dash) + signer.name + ' ' + to_base64(signature) + '\n';
}

result<checkpoint> open_note(std::string_view note, std::string_view verifier_key) {
  auto const key = read_verifier_key(verifier_key);
  if (!key) return key.error();
  auto const gap = note.rfind("\n\n");
  if (gap == note.npos) return problem{"audit.note", "The checkpoint has no signature.", "", ""};
  auto const text = note.substr(0, gap + 1);
  auto read = read_text(text);
  if (read && !is_signed(text, note.substr(gap + 2), *key))
    return problem{"audit.signature", "The checkpoint is not signed by that key.", "size " + std::to_string(read->size),
                   "Somebody changed it, or the key is another node's."};
  return read;
}

}  // namespace ehds::node::audit
