#pragma once
// A PKCS#11 device of software (SoftHSM) with its tokens in a folder that goes away. One for the whole program: a
// module reads its configuration once.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "edelivery/run_program.hpp"

namespace ehds::edelivery::tests {

inline std::string const device_module = "/usr/lib/softhsm/libsofthsm2.so";
inline std::string const device_pin = "481516";

class soft_device {
 public:
  soft_device() {
    std::filesystem::create_directory(folder_ / "tokens");
    auto const conf = folder_.write("softhsm2.conf", "directories.tokendir = " + (folder_ / "tokens").string() +
                                                         "\nobjectstore.backend = file\nlog.level = ERROR\n");
    ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
    add_token("node");
    add_key("node", "rsa:3072", "rsa", "01");
    add_key("node", "EC:prime256v1", "curve", "02");
    add_key("node", "rsa:2048", "short", "03");
    add_token("edwards");
    add_key("edwards", "EC:edwards25519", "ed", "01");
  }

  std::filesystem::path const& pin_file() const { return pin_file_; }

 private:
  void add_token(std::string const& label) {
    run("softhsm2-util --init-token --free --label " + label + " --so-pin 1234567 --pin " + device_pin);
  }
  void add_key(std::string const& token, std::string const& kind, std::string const& label, std::string const& id) {
    run("pkcs11-tool --module " + device_module + " --token-label " + token + " --login --pin " + device_pin +
        " --keypairgen --key-type " + kind + " --label " + label + " --id " + id +
        " --usage-sign --usage-decrypt --usage-derive");
  }
  static void run(std::string const& command) {
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) throw std::runtime_error("failed: " + command);
  }

  scratch_folder folder_;
  std::filesystem::path pin_file_ = folder_.write("pin", device_pin + "\n");
};

inline soft_device const& the_soft_device() {
  static soft_device const one;
  return one;
}

}  // namespace ehds::edelivery::tests
