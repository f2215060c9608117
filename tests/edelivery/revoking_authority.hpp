#pragma once
// Revocation lists as an authority makes them: by OpenSSL's own program, so that they are not of our making.
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "edelivery/run_program.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery::tests {

struct list_order {
  std::vector<certificate> revoked{};
  std::string from = "20261101000000Z";
  std::string until = "20261201000000Z";
  std::string extensions{};  // lines of OpenSSL's configuration
  std::string reason{};      // "certificateHold"
  bool pem = false;
};

class revoking_authority {
 public:
  explicit revoking_authority(credentials const& who) {
    folder_.write("ca.pem", who.cert.pem());
    folder_.write("ca.key", who.key.pem());
  }

  std::string list(list_order const& order) const {
    std::string index;
    for (auto const& each : order.revoked)
      index += "R\t301231000000Z\t261030000000Z" + (order.reason.empty() ? "" : "," + order.reason) + "\t" +
               serial_of(each) + "\tunknown\t/CN=x\n";
    folder_.write("index.txt", index);
    folder_.write("crlnumber", "01\n");
    folder_.write("ca.cnf", "[ca]\ndefault_ca=it\n[it]\ndatabase=" + at("index.txt") +
                                "\ncrlnumber=" + at("crlnumber") + "\ndefault_md=sha256\n" +
                                (order.extensions.empty() ? "" : "crl_extensions=more\n[more]\n" + order.extensions));
    run("openssl ca -gencrl -config " + at("ca.cnf") + " -keyfile " + at("ca.key") + " -cert " + at("ca.pem") +
        " -crl_lastupdate " + order.from + " -crl_nextupdate " + order.until + " -out " + at("made.pem"));
    if (order.pem) return file_content(at("made.pem"));
    run("openssl crl -in " + at("made.pem") + " -outform DER -out " + at("made.der"));
    return file_content(at("made.der"));
  }

 private:
  std::string at(std::string const& name) const { return (folder_ / name).string(); }
  static void run(std::string const& command) {
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) throw std::runtime_error("failed: " + command);
  }
  std::string serial_of(certificate const& cert) const {
    folder_.write("one.pem", cert.pem());
    run("openssl x509 -in " + at("one.pem") + " -noout -serial -out " + at("serial"));
    auto text = file_content(at("serial")).substr(std::string{"serial="}.size());
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
  }

  scratch_folder folder_;
};

}  // namespace ehds::edelivery::tests
