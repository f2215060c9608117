#include "connectors/data/synthetic/table_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace ehds::connectors::synthetic {
namespace {

sqlite::statement make_table(sqlite::connection& to, table const& shape) {
  std::string const name{shape.name};
  to.run("CREATE TABLE " + name + " (" + std::string{shape.columns} + ")");
  std::string marks = "?";
  for (auto i = std::ranges::count(shape.filled, ','); i > 0; --i) marks += ",?";
  return to.prepare("INSERT INTO " + name + " (" + std::string{shape.filled} + ") VALUES (" + marks + ")");
}

}  // namespace

void table_writer::file_closer::operator()(std::FILE* held) const { std::fclose(held); }

table_writer::table_writer(sqlite::connection& to, table const& shape, std::filesystem::path const& csv_folder)
    : insert_(make_table(to, shape)) {
  if (csv_folder.empty()) return;
  auto const file = csv_folder / (std::string{shape.name} + ".csv");
  csv_.reset(std::fopen(file.c_str(), "wb"));
  if (!csv_) throw std::runtime_error("cannot write " + file.string());
  waiting_ = shape.filled;
  std::erase(waiting_, ' ');
  waiting_ += '\n';
}

table_writer::~table_writer() {
  if (csv_) spill();
}

void table_writer::separate(int at) {
  if (at > 1) waiting_ += ',';
}

void table_writer::put(int at, std::int64_t value) {
  insert_.bind(at, value);
  if (!csv_) return;
  separate(at);
  waiting_ += std::to_string(value);
}

void table_writer::put(int at, double value) {
  insert_.bind(at, value);
  if (!csv_) return;
  separate(at);
  std::array<char, 40> text{};
  auto const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  waiting_.append(text.data(), end);
}

void table_writer::put(int at, std::string_view value) {
  insert_.bind(at, value);
  if (!csv_) return;
  separate(at);
  if (value.find_first_of(",\"\n") == std::string_view::npos) {
    waiting_ += value;
    return;
  }
  waiting_ += '"';
  for (char const letter : value) waiting_.append(letter == '"' ? 2 : 1, letter);
  waiting_ += '"';
}

void table_writer::put(int at, std::nullopt_t) {
  insert_.bind_null(at);
  if (csv_) separate(at);
}

void table_writer::end_row() {
  insert_.step();
  insert_.reset();
  if (!csv_) return;
  waiting_ += '\n';
  if (waiting_.size() > 256 * 1024) spill();
}

void table_writer::spill() {
  if (std::fwrite(waiting_.data(), 1, waiting_.size(), csv_.get()) != waiting_.size())
    std::perror("the CSV file is not complete");
  waiting_.clear();
}

}  // namespace ehds::connectors::synthetic
