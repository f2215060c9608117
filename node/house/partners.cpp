#include "node/house/partners.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/security/device_key.hpp"
#include "node/config/partner_list.hpp"
#include "node/identity/joining.hpp"
#include "node/identity/keyring.hpp"
#include "node/identity/revocation_lists.hpp"

namespace ehds::node::house {
namespace {

namespace fs = std::filesystem;

result<std::string> demanded_file(fs::path const& file) {
  if (auto bytes = read_file(file)) return *std::move(bytes);
  return problem{"config.unreadable", "the file cannot be read", file.string(), "check the path and its permissions"};
}

// "eu.json/pmodes/0/id", "eu.json, line 2, column 1".
std::string in_file(fs::path const& file, std::string const& where) {
  bool const is_pointer = where.empty() || where.starts_with('/');
  return file.filename().string() + (is_pointer ? "" : ", ") + where;
}

}  // namespace

namespace {

// While partners change over, messages come for the key before and for the one after.
result<void> add_overlapping(fs::path const& current, edelivery::access_point& us) {
  auto overlapping = identity::overlapping_keys(current.parent_path(), current.stem().string(), system_clock{}.now());
  if (!overlapping) return overlapping.error();
  for (auto& each : *overlapping) us.decryption.push_back(std::move(each));
  return {};
}

// For diagnosis alone: one that cannot be read changes nothing.
void add_signed_before(fs::path const& current, edelivery::access_point& us) {
  auto file = current;
  if (auto old = edelivery::certificate::load(file.replace_extension(".old.pem")))
    us.signed_before.push_back(*std::move(old));
}

// Keys of the 2.0 profiles, where there are any; half a set is a mistake that load_credentials names.
result<void> add_further_keys(identity::key_files const& files, edelivery::access_point& us) {
  for (auto const& each : files.further) {
    if (may_exist(each.sign_certificate)) {
      auto signing = edelivery::load_credentials(each.sign_certificate, each.sign_key);
      if (!signing) return signing.error();
      us.other_signing.push_back(*std::move(signing));
      add_signed_before(each.sign_certificate, us);
    }
    if (!may_exist(each.encrypt_certificate)) continue;
    auto decryption = edelivery::load_credentials(each.encrypt_certificate, each.encrypt_key);
    if (!decryption) return decryption.error();
    us.decryption.push_back(*std::move(decryption));
    if (auto const added = add_overlapping(each.encrypt_certificate, us); !added) return added.error();
  }
  return {};
}

void place_lists(edelivery::revocation_terms& terms, fs::path const& folder,
                 std::shared_ptr<edelivery::revocation_shelf> const& shelf) {
  for (auto& place : terms.lists)
    if (!identity::is_web_place(place)) place = (folder / place).string();
  if (!terms.lists.empty()) terms.shelf = shelf;
}

}  // namespace

result<edelivery::access_point> load_access_point(config::configuration const& settings) {
  if (!settings.device.module.empty())
    if (auto opened = edelivery::open_key_device({settings.device.module, settings.device.pin}); !opened)
      return opened.error();
  auto const files = identity::key_files_in(settings.keys);
  auto signing = edelivery::load_credentials(files.sign_certificate, files.sign_key);
  if (!signing) return signing.error();
  auto decryption = edelivery::load_credentials(files.encrypt_certificate, files.encrypt_key);
  if (!decryption) return decryption.error();
  std::string domain = settings.node.id + ".as4.ehds";
  std::ranges::transform(domain, domain.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  edelivery::access_point us{*signing, {*decryption}, domain};
  if (auto const added = add_overlapping(files.encrypt_certificate, us); !added) return added.error();
  add_signed_before(files.sign_certificate, us);
  if (auto const added = add_further_keys(files, us); !added) return added.error();
  return us;
}

fs::path revocation_folder(config::configuration const& settings) { return settings.store / "revocation"; }

std::expected<edelivery::pmode_book, problems> load_pmodes(config::configuration const& settings) {
  std::vector<edelivery::pmode> all;
  problems found;
  if (settings.partners.pmodes.empty()) return edelivery::pmode_book{};
  std::error_code unreadable;
  fs::directory_iterator const entries(settings.partners.pmodes, unreadable);
  if (unreadable)
    return std::unexpected(problems{
        {"config.path", "P-Modes are read from a folder, and this cannot be read as one: " + unreadable.message(),
         settings.partners.pmodes.string(), "name the folder that holds their files"}});
  auto const shelf = std::make_shared<edelivery::revocation_shelf>();
  std::vector<fs::path> files;
  for (auto const& entry : entries)
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  auto const whose = settings.is_behind_domibus() ? edelivery::spoken_by::another : edelivery::spoken_by::this_node;
  for (auto const& file : files) {
    auto const text = demanded_file(file);
    if (!text) return std::unexpected(problems{text.error()});
    auto book = edelivery::read_pmodes(
        *text, [&](std::string const& path) { return demanded_file(file.parent_path() / path); }, whose);
    if (!book) {
      for (auto fault : book.error()) {
        fault.where = in_file(file, fault.where);
        found.push_back(std::move(fault));
      }
      continue;
    }
    for (auto mode : book->all()) {
      place_lists(mode.trust.revocation, file.parent_path(), shelf);
      if (mode.discovery) place_lists(mode.discovery->signer.revocation, file.parent_path(), shelf);
      if (std::ranges::find(all, mode.id, &edelivery::pmode::id) != all.end())
        found.push_back({"edelivery.pmode.duplicate", "two P-Modes have the id " + mode.id, file.filename().string(),
                         "give each its own id"});
      all.push_back(std::move(mode));
    }
  }
  if (!found.empty()) return std::unexpected(std::move(found));
  edelivery::pmode_book book{std::move(all)};
  identity::list_keeper(identity::lists_of(book), shelf, revocation_folder(settings)).take_kept();
  return book;
}

std::expected<std::vector<exchange::partner>, problems> load_partners(config::configuration const& settings) {
  std::vector<exchange::partner> partners;
  auto const& file = settings.partners.file;
  if (file.empty()) return partners;
  auto const text = demanded_file(file);
  if (!text) return std::unexpected(problems{text.error()});
  auto listed = config::parse_partners(*text);
  if (!listed) {
    for (auto& fault : listed.error()) fault.where = in_file(file, fault.where);
    return std::unexpected(std::move(listed).error());
  }
  for (auto& one : *listed) partners.push_back({std::move(one.nation_id), std::move(one.party_id)});
  return partners;
}

problems check_partners(edelivery::pmode_book const& book, std::vector<exchange::partner> const& listed) {
  problems found;
  for (auto const& mode : book.all()) {
    auto const stands_for = [&](exchange::partner const& one) {
      return one.party_id == mode.partner.id && !one.nation_id.empty();
    };
    if (std::ranges::any_of(listed, stands_for)) continue;
    found.push_back({"config.partners.unlisted",
                     "the P-Mode " + mode.id + " is with the access point '" + mode.partner.id +
                         "', which the partners file does not list with a nation",
                     mode.id, "list it as {\"nation_id\": ..., \"party_id\": \"" + mode.partner.id + "\"}"});
  }
  return found;
}

}  // namespace ehds::node::house
