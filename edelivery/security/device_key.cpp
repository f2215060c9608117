// Engines are what Debian 12 has for devices; OpenSSL 3 calls them deprecated, and has them still.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "edelivery/security/device_key.hpp"

#include <openssl/engine.h>

#include <memory>
#include <mutex>

#include "edelivery/security/openssl.hpp"

namespace ehds::edelivery {

namespace {

problem cannot(std::string detail, std::string where, std::string mend) {
  ERR_clear_error();
  return {"edelivery.key.device", std::move(detail), std::move(where), std::move(mend)};
}

// The one device of this process. Keys of it live as long as they are used; the engine counts them itself.
struct opened_device {
  std::mutex guard;
  ENGINE* engine = nullptr;  // never given back: modules do not like to end before the program does
  std::filesystem::path module;
};
opened_device& the_device() {
  static auto* const one = new opened_device;
  return *one;
}

bool set(ENGINE* engine, char const* name, std::string const& value) {
  return ENGINE_ctrl_cmd_string(engine, name, value.c_str(), 0) == 1;
}

result<ENGINE*> started(std::filesystem::path const& module) {
  ENGINE_load_dynamic();
  std::unique_ptr<ENGINE, decltype([](ENGINE* p) { ENGINE_free(p); })> engine(ENGINE_by_id("pkcs11"));
  if (!engine) return cannot("OpenSSL has no engine \"pkcs11\"", module.string(), "Install libengine-pkcs11-openssl.");
  // Its own lines on standard error say less than our findings.
  ENGINE_ctrl_cmd_string(engine.get(), "QUIET", nullptr, 0);
  if (!set(engine.get(), "MODULE_PATH", module.string()) || ENGINE_init(engine.get()) != 1)
    return cannot("the device's module cannot be used", module.string(),
                  "Check the path, and that its own configuration is there for this user.");
  return engine.release();
}

bool is_usable(key_kind kind) { return kind == key_kind::rsa || kind == key_kind::elliptic_curve; }

}  // namespace

bool is_device_uri(std::string_view text) { return text.starts_with("pkcs11:"); }

result<void> open_key_device(key_device const& device) {
  openssl::quiet const afterwards;
  auto& one = the_device();
  std::scoped_lock const lock(one.guard);
  std::error_code fault;
  if (!std::filesystem::is_regular_file(device.module, fault))
    return cannot("there is no such module", device.module.string(), "Name the library of the device's maker.");
  if (one.engine != nullptr && one.module != device.module)
    return cannot("another device is open already: " + one.module.string(), device.module.string(),
                  "A process has one device.");
  if (one.engine == nullptr) {
    auto const engine = started(device.module);
    if (!engine) return engine.error();
    one.engine = *engine;
    one.module = device.module;
  }
  if (!device.pin.empty() && !set(one.engine, "PIN", device.pin))
    return cannot("the device takes no PIN", device.module.string(), "");
  return {};
}

result<private_key> load_device_key(std::string_view uri) {
  openssl::quiet const afterwards;
  std::string const name(uri.substr(0, uri.find_last_not_of(" \t\r\n") + 1));
  if (!is_device_uri(name) || name.size() > 1000 || name.find_first_of("\r\n") != std::string::npos)
    return cannot("that is no pkcs11 URI", "", "Write pkcs11:token=..;object=..");
  if (name.find("pin-value") != std::string::npos)
    return cannot("a key's URI holds a PIN", "", "Give the PIN in the configuration, from a file or the environment.");
  auto& one = the_device();
  std::scoped_lock const lock(one.guard);
  if (one.engine == nullptr)
    return cannot("the key is in a device, and none is configured", name,
                  "Name the device's module and where its PIN is.");
  auto const wanted = name + (name.find(";type=") == std::string::npos ? ";type=private" : "");
  auto* const handle = ENGINE_load_private_key(one.engine, wanted.c_str(), nullptr, nullptr);
  if (handle == nullptr)
    return cannot(
        "the device gives no such key", name,
        "Check the token's and the key's name, the PIN, and that the token holds RSA and elliptic curve keys only: "
        "Ed25519 and X25519 cannot be used in a device, and hide the others.");
  private_key key(std::shared_ptr<evp_pkey_st>(handle, [](EVP_PKEY* p) { EVP_PKEY_free(p); }));
  if (is_usable(key.kind())) return key;
  return cannot("keys of kind " + std::string(name_of(key.kind())) + " cannot be used in a device", name,
                "Use an RSA key, or one on P-256.");
}

}  // namespace ehds::edelivery
