// A page of text that is written from left to right, by columns.
//
//   page p(look);
//   p.to(2).put("✓", ink::good).right("3", 12).to(15).put(text).end_line();
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "report/style.hpp"
#include "report/text.hpp"

namespace braid {

inline constexpr std::size_t gap = 3;  // between the columns of a table

class page {
 public:
  explicit page(const style& look) : look_(look) {}

  const style& look() const { return look_; }

  page& put(std::string_view text, ink color = ink::plain);
  page& put(mark m, ink color = ink::plain) { return put(text_of(m, look_), color); }
  // Moves right to a column, from 0; past it, one space at least.
  page& to(std::size_t column);
  // Text that ends before this column.
  page& right(std::string_view text, std::size_t column, ink color = ink::plain);
  // Fills up to a column with a mark of one column's width.
  page& fill(mark m, std::size_t column, ink color = ink::plain);
  page& end_line();
  // Text folded to the page's width, each line from the present column on.
  page& put_folded(std::string_view text, ink color = ink::plain);

  // Text behind a gap of so many columns; where it does not fit, on a line of its own.
  page& put_beside(std::string_view text, std::size_t after, std::size_t else_at = 2,
                   ink color = ink::plain);

  // A command or a token, to be copied, behind its label, from a column on. Where it does not fit
  // there it has a line of its own, from the left if it must; one that is still wider stays long.
  page& put_to_copy(std::string_view label, std::size_t from, std::string_view text,
                    ink color = ink::accent);

  // From here on `by` says what stands in a line for a token, which may be too long for one.
  void name_tokens_by(std::function<std::string(const std::string& token)> by) {
    token_names_ = std::move(by);
  }
  std::string word_for(const std::string& token) const {
    return token_names_ ? token_names_(token) : token;
  }

  std::size_t column() const { return column_ + spaces_; }
  bool is_empty() const { return text_.empty(); }
  std::string take() { return std::move(text_); }

 private:
  style look_;
  std::function<std::string(const std::string& token)> token_names_;
  std::string text_;
  std::size_t column_ = 0;
  std::size_t spaces_ = 0;  // not written yet: none are left at the end of a line
};

}  // namespace braid
