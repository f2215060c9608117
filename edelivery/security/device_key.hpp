#pragma once
// Private keys that never leave a device (PKCS#11), named by their URI (RFC 7512): "pkcs11:token=node;object=sign". The
// rest of the code sees an ordinary private_key. A file of a key may hold such a URI in place of the key.
//
// Through OpenSSL's engine "pkcs11" (Debian: libengine-pkcs11-openssl), so RSA and elliptic curves only, and a token
// that also holds an Ed25519 or X25519 key cannot be read at all. RSA-OAEP is unpadded here, RSA itself is in the
// device: any digest will do.
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

struct key_device {
  std::filesystem::path module;  // the maker's library, "/usr/lib/softhsm/libsofthsm2.so"
  std::string pin;               // of the user; empty: the device asks for none
};

bool is_device_uri(std::string_view text);

// A process has one device; opening the same one again changes its PIN only. Problem edelivery.key.device.
result<void> open_key_device(key_device const& device);

// From the device that was opened. Problems edelivery.key.device: none is open, no such key, a PIN that is wrong, a
// kind of key that cannot be used; the PIN is in no text. A URI must not hold a PIN.
result<private_key> load_device_key(std::string_view uri);

}  // namespace ehds::edelivery
