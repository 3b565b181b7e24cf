// A page of text; see page.hpp.
#include "report/page.hpp"

#include <algorithm>

namespace braid {

page& page::put(std::string_view text, ink color) {
  if (text.empty()) return *this;
  text_.append(spaces_, ' ');
  column_ += spaces_ + columns_of(text);
  spaces_ = 0;
  text_ += painted(text, color, look_);
  return *this;
}

page& page::to(std::size_t target) {
  if (target > column()) {
    spaces_ += target - column();
  } else if (target < column()) {
    ++spaces_;
  }
  return *this;
}

page& page::right(std::string_view text, std::size_t target, ink color) {
  const std::size_t columns = columns_of(text);
  return to(target - std::min(target, columns)).put(text, color);
}

page& page::fill(mark m, std::size_t target, ink color) {
  std::string line;
  for (std::size_t c = column(); c < target; ++c) line += text_of(m, look_);
  return put(line, color);
}

page& page::end_line() {
  text_ += '\n';
  column_ = spaces_ = 0;
  return *this;
}

page& page::put_folded(std::string_view text, ink color) {
  const std::size_t start = column();
  const std::size_t room = look_.width > start + 10 ? look_.width - start : 10;
  bool is_first = true;
  for (const std::string& l : fold(text, room)) {
    if (!is_first) end_line().to(start);
    put(l, color);
    is_first = false;
  }
  return *this;
}

page& page::put_beside(std::string_view text, std::size_t after, std::size_t else_at, ink color) {
  const bool fits = column() + after + columns_of(text) <= look_.width;
  if (!fits) end_line();
  return to(fits ? column() + after : else_at).put(text, color);
}

page& page::put_to_copy(std::string_view label, std::size_t from, std::string_view text,
                        ink color) {
  const std::size_t start = column();
  const std::size_t columns = columns_of(text);
  const auto fits = [&](std::size_t at) { return at + columns <= look_.width; };
  put(label, ink::faint);
  if (!fits(from)) end_line();
  return to(fits(from) ? from : fits(start) ? start : 0).put(text, color);
}

}  // namespace braid
