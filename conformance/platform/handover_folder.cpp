#include "conformance/platform/handover_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/bytes.hpp"

namespace ehds::conformance::platform {
namespace {

std::string read_file(std::filesystem::path const& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void sync_path(std::filesystem::path const& path) {
  int const opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool const synced = opened >= 0 && ::fsync(opened) == 0;
  if (opened >= 0) ::close(opened);
  if (!synced) throw std::runtime_error("cannot make durable: " + path.filename().string());
}

void write_file(std::filesystem::path const& file, std::string const& bytes) {
  {
    std::ofstream out{file, std::ios::binary};
    out << bytes;
    out.flush();
    if (!out) throw std::runtime_error("cannot write: " + file.filename().string());
  }
  sync_path(file);
}

// The key comes from outside: its digest is the name, so that it can be no path.
std::string name_of(std::string const& key) { return sha256_hex(key).substr(0, 32); }

std::string receipt_text(int number, std::string const& body, std::string const& received_at) {
  auto const digits = std::to_string(number);
  auto const id = "receipt-" + std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits;
  return R"({"receipt_id":")" + id + R"(","sha256":")" + sha256_hex(body) + R"(","received_at":")" + received_at +
         "\"}";
}

}  // namespace

handover_folder::handover_folder(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  for (auto const& entry : std::filesystem::directory_iterator{folder_})
    if (entry.path().extension() == ".part") std::filesystem::remove_all(entry.path());
  next_ = static_cast<int>(all().size()) + 1;
}

std::optional<kept_handover> handover_folder::find(std::string const& key) const {
  auto const place = folder_ / name_of(key);
  if (!std::filesystem::exists(place)) return std::nullopt;
  return kept_handover{read_file(place / "key"), read_file(place / "body.json"), read_file(place / "receipt.json")};
}

kept_answer handover_folder::keep(std::string const& key, std::string const& body, std::string const& received_at) {
  if (auto const known = find(key)) {
    if (known->body != body) return {keeping::other_content, ""};
    return {keeping::known, known->receipt};
  }
  auto const receipt = receipt_text(next_, body, received_at);
  auto const part = folder_ / (name_of(key) + ".part");
  std::filesystem::remove_all(part);
  std::filesystem::create_directory(part);
  write_file(part / "key", key);
  write_file(part / "body.json", body);
  write_file(part / "receipt.json", receipt);
  sync_path(part);
  std::filesystem::rename(part, folder_ / name_of(key));
  sync_path(folder_);
  ++next_;
  return {keeping::fresh, receipt};
}

std::vector<kept_handover> handover_folder::all() const {
  std::vector<kept_handover> kept;
  for (auto const& entry : std::filesystem::directory_iterator{folder_})
    if (entry.is_directory() && entry.path().extension() != ".part")
      kept.push_back({read_file(entry.path() / "key"), read_file(entry.path() / "body.json"),
                      read_file(entry.path() / "receipt.json")});
  std::ranges::sort(kept, {}, &kept_handover::receipt);
  return kept;
}

}  // namespace ehds::conformance::platform
