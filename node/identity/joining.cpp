#include "node/identity/joining.hpp"

#include "base/files.hpp"
#include "base/slips.hpp"
#include "node/identity/private_file.hpp"

namespace ehds::node::identity {

namespace {

namespace fs = std::filesystem;

struct stage_files {
  fs::path certificate, key, request;
};

stage_files files_of(fs::path const& folder, std::string const& name, std::string const& stage) {
  auto const stem = name + (stage.empty() ? "" : "." + stage);
  return {folder / (stem + ".pem"), folder / (stem + ".key"), folder / (stem + ".csr")};
}

problem about(std::string detail, fs::path const& file, std::string mend) {
  return {"identity.key", std::move(detail), file.string(), std::move(mend)};
}

// A mistyped folder would take a key that nobody finds again.
result<void> check_folder(fs::path const& folder) {
  std::error_code fault;
  if (fs::is_directory(folder, fault)) return {};
  auto const named = folder.has_filename() ? folder : folder.parent_path();  // "keys/" too
  std::vector<std::string> beside;
  for (auto const& each : fs::directory_iterator(fs::absolute(named).parent_path(), fault))
    if (each.is_directory(fault)) beside.push_back(each.path().filename().string());
  auto const meant = nearest_word(named.filename().string(), beside);
  auto const question = meant ? "Did you mean " + (named.parent_path() / *meant).string() + "? " : std::string{};
  return about("There is no such folder of keys.", folder,
               question + "A new one is made with: mkdir -m 700 " + named.string());
}

bool is_name(std::string_view name) {
  return name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

bool is_pair(stage_files const& files) {
  return may_exist(files.certificate) && may_exist(files.key) &&
         edelivery::load_credentials(files.certificate, files.key).has_value();
}

result<void> copy_private(fs::path const& from, fs::path const& to) {
  auto const bytes = read_small_file(from);
  if (!bytes) return bytes.error();
  return write_private_file(to, *bytes);
}

result<void> copy_pair(stage_files const& from, stage_files const& to) {
  if (auto const done = copy_private(from.key, to.key); !done) return done;
  return copy_private(from.certificate, to.certificate);
}

}  // namespace

result<edelivery::certificate_use> use_of(std::string_view name) {
  if (is_name(name)) {
    if (name.starts_with("sign")) return edelivery::certificate_use::signing;
    if (name.starts_with("encrypt")) return edelivery::certificate_use::encryption;
    if (name.starts_with("tls")) return edelivery::certificate_use::tls_node;
  }
  return about("A key is for sign, encrypt or tls.", std::string(name.substr(0, 64)),
               "Begin its name with one of these.");
}

result<std::string> request_key(fs::path const& folder, std::string const& name, edelivery::asked_certificate asked) {
  auto const use = use_of(name);
  if (!use) return use.error();
  if (auto const there = check_folder(folder); !there) return there.error();
  auto const next = files_of(folder, name, "next");
  if (may_exist(next.key))
    return about("A request for this key is open already.", next.key,
                 "Send " + next.request.string() + " to the authority, or remove both files to begin again.");
  asked.use = *use;
  auto const device_key = asked.device_key;
  auto const made = edelivery::request_certificate(std::move(asked));
  if (!made) return made.error();
  auto const key_text = device_key.empty() ? made->key.pem() : device_key + "\n";
  if (auto const done = write_private_file(next.key, key_text); !done) return done.error();
  if (auto const done = write_private_file(next.request, made->pem); !done) return done.error();
  return made->pem;
}

result<void> import_certificate(fs::path const& folder, std::string const& name, std::string_view bytes, instant now) {
  auto const use = use_of(name);
  if (!use) return use.error();
  if (auto const there = check_folder(folder); !there) return there;
  auto const next = files_of(folder, name, "next");
  if (!may_exist(next.key)) return about("No request for this key is open.", next.key, "Make one with keys request.");
  auto const key = edelivery::private_key::load(next.key);
  if (!key) return key.error();
  auto got = edelivery::certificate::from_pem(bytes);
  bool const is_pem = got.has_value();
  if (!is_pem) got = edelivery::certificate::from_der(bytes);
  if (!got)
    return problem{"identity.certificate", "This is no certificate.", "",
                   "Give PEM or DER; of a chain, our certificate first."};
  if (auto const good = edelivery::check_answer(*got, *key, *use, now); !good) return good;
  return write_private_file(next.certificate, is_pem ? std::string(bytes) : got->pem());
}

std::optional<problem> find_other_subject(fs::path const& folder, std::string const& name,
                                          std::string_view next_rfc4514) {
  auto const use = use_of(name);
  if (!use || *use == edelivery::certificate_use::tls_node) return std::nullopt;
  auto const file = files_of(folder, name, "").certificate;
  auto const current = edelivery::certificate::load(file);
  if (!current || current->has_subject(next_rfc4514)) return std::nullopt;
  constexpr std::size_t enough = 200;
  return problem{"identity.key.subject",
                 "The certificate in use has the subject " + current->subject().substr(0, enough) + ", the next one " +
                     std::string(next_rfc4514.substr(0, enough)) + ": partners may refuse it when it is announced.",
                 file.string(),
                 "Remove the files " + name +
                     ".next.* and ask again with the subject in use, its parts in the same "
                     "order; or have every partner change its P-Modes by hand before you roll."};
}

result<coming_certificate> find_coming(fs::path const& folder, std::string const& name) {
  auto const use = use_of(name);
  if (!use) return use.error();
  auto const files = files_of(folder, name, "next");
  auto const current = edelivery::certificate::load(files_of(folder, name, "").certificate);
  if (!current) return current.error();
  if (!is_pair(files))
    return about("There is no certified next key.", files.certificate, "Import what the authority sent: keys import.");
  auto next = edelivery::load_credentials(files.certificate, files.key);
  if (!next) return next.error();
  coming_certificate found{*current, {next->cert}};
  for (auto& issuer : next->chain) found.next.push_back(std::move(issuer));
  return found;
}

result<void> roll_key(fs::path const& folder, std::string const& name, instant now) {
  auto const use = use_of(name);
  if (!use) return use.error();
  auto const next = files_of(folder, name, "next");
  auto const current = files_of(folder, name, "");
  if (!is_pair(next))
    return about("There is no certified next key.", next.certificate, "Import what the authority sent: keys import.");
  auto const coming = edelivery::load_credentials(next.certificate, next.key);
  if (!coming->cert.valid_at(now))
    return about("The next certificate is not valid now.", next.certificate, "Roll when its time has begun.");
  // An interrupted roll left halves of two pairs, or the next pair as the current one: then old is kept already.
  auto const now_used = is_pair(current) ? edelivery::load_credentials(current.certificate, current.key)
                                         : result<edelivery::credentials>{about("half a pair", current.key, "")};
  if (now_used && !(now_used->cert == coming->cert))
    if (auto const kept = copy_pair(current, files_of(folder, name, "old")); !kept) return kept;
  if (auto const done = copy_pair(next, current); !done) return done;
  std::error_code fault;
  for (auto const& file : {next.request, next.certificate, next.key}) {
    fs::remove(file, fault);
    if (fault) return about("The file cannot be removed.", file, "Remove it by hand.");
  }
  return {};
}

result<std::vector<edelivery::credentials>> overlapping_keys(fs::path const& folder, std::string const& name,
                                                             instant now) {
  std::vector<edelivery::credentials> found;
  for (auto const* stage : {"next", "old"}) {
    auto const files = files_of(folder, name, stage);
    if (!may_exist(files.certificate)) continue;
    auto one = edelivery::load_credentials(files.certificate, files.key);
    if (!one) return one.error();
    if (now < one->cert.not_after()) found.push_back(*std::move(one));
  }
  return found;
}

}  // namespace ehds::node::identity
